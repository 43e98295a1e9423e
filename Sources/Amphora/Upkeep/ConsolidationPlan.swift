import AmphoraObjects
import AmphoraPack
import AmphoraStore

/// Which packs and loose objects give way to new packs.
struct ConsolidationPlan: Sendable {
    /// A pack from this length on, in bytes, is left alone if nothing in it is garbage.
    static let largePackByteCount = 1 << 30

    let inventory: ObjectInventory
    let state: @Sendable (Int) -> Liveness.State
    /// What remotes have, and so what its new copies stay among.
    let promised: ObjectMarks
    /// Packs that are replaced, by their positions in the inventory.
    private(set) var packs: [Int] = []
    /// Loose objects that are packed.
    private(set) var loose: [ObjectInventory.Loose] = []
    /// Loose objects that go.
    private(set) var garbage: [ObjectInventory.Loose] = []

    /// Everything that can be tidied up.
    init(_ inventory: ObjectInventory, _ liveness: Liveness) {
        self.inventory = inventory
        promised = inventory.promised()
        state = { liveness[$0] }
        for object in inventory.loose {
            switch inventory.position(of: object.id).map(state) {
            case .reached?: loose.append(object)
            case .garbage?: garbage.append(object)
            case .recent?, nil: break
            }
        }
        var clean: [Bool: [Int]] = [:]
        for (number, pack) in inventory.packs.enumerated() where !pack.isKept {
            let states = Set(pack.ids.compactMap { inventory.position(of: $0).map(state) })
            // What is young gets a pack of its own: the others are found again by each put, and that would
            // make all of their pack look young for ever.
            let isMixed = states.isSuperset(of: [.reached, .recent])
            if states.contains(.garbage) || isMixed {
                packs.append(number)
            } else if states.contains(.reached), pack.byteCount < Self.largePackByteCount {
                clean[pack.isPromised, default: []].append(number)
            }
        }
        for (isPromised, clean) in clean {
            let count = clean.count + packs.count { inventory.packs[$0].isPromised == isPromised }
            // One pack alone would only be written again as it is.
            if count > 1 || (!isPromised && !loose.isEmpty) { packs += clean }
        }
        sortPacks()
    }

    /// What remotes have is first copied from where they sent it, so that our own copies of it are dropped.
    private mutating func sortPacks() {
        packs.sort { inventory.packs[$0].isPromised && !inventory.packs[$1].isPromised }
    }

    /// Chosen packs and loose objects, all of whose objects stay.
    init(_ inventory: ObjectInventory, packs: [Int], loose: [ObjectInventory.Loose]) {
        self.inventory = inventory
        promised = inventory.promised()
        state = { _ in .reached }
        self.packs = packs
        self.loose = loose
        sortPacks()
    }

    /// Whether a copy in a pack that stays does instead of one in a new pack.
    func suffices(_ pack: ObjectInventory.Pack, for position: Int) -> Bool {
        pack.isPromised || !promised.contains(position)
    }

    /// Whether nothing in a pack stays.
    func isGarbage(_ number: Int) -> Bool {
        inventory.packs[number].ids.allSatisfy { inventory.position(of: $0).map(state) == .garbage }
    }

    /// The same when what has nothing that stays is gone.
    var withoutGarbage: ConsolidationPlan {
        var plan = self
        plan.packs = packs.filter { !isGarbage($0) }
        plan.garbage = []
        return plan
    }

    /// Packs that stay as they are.
    var otherPacks: [Int] {
        let replaced = Set(packs)
        return inventory.packs.indices.filter { !replaced.contains($0) }
    }

    /// What will be done.
    func summary() throws -> Upkeep {
        var upkeep = Upkeep()
        var seen = ObjectMarks(count: inventory.ids.count)
        for pack in otherPacks.map({ inventory.packs[$0] }) {
            for position in pack.ids.lazy.compactMap({ inventory.position(of: $0) })
            where suffices(pack, for: position) {
                seen.insert(position)
            }
        }
        var packed: [Bool: Int] = [:]
        var removedByteCount = 0
        func count(_ id: ObjectID, _ byteCount: Int) {
            guard let position = inventory.position(of: id) else { return }
            removedByteCount += byteCount
            switch state(position) {
            case .reached:
                guard seen.insert(position) else { return }
                upkeep.packed.add(byteCount)
                packed[promised.contains(position), default: 0] += byteCount
            case .recent: upkeep.recent.add(byteCount)
            case .garbage: upkeep.dropped.add(byteCount)
            }
        }
        for number in packs {
            let pack = try PackReader(index: inventory.packs[number].path)
            for entry in try pack.entries() { count(entry.id, entry.byteCount) }
        }
        for object in loose + garbage { count(object.id, object.byteCount) }
        upkeep.removedPackCount = packs.count
        upkeep.removedLooseCount = loose.count + garbage.count
        let size = Consolidation.packByteCount
        upkeep.newPackCount = packed.values.reduce(0) { $0 + ($1 + size - 1) / size }
        upkeep.leftoverCount = inventory.leftovers.count
        upkeep.freedByteCount =
            removedByteCount - upkeep.packed.byteCount - upkeep.recent.byteCount
            + inventory.leftovers.reduce(0) { $0 + $1.storedByteCount }
        return upkeep
    }
}
