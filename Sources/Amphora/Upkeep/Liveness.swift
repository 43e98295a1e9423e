import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

/// Which objects must stay.
struct Liveness: Sendable {
    enum State: Sendable {
        /// A ref reaches it, or did so within the grace period.
        case reached
        /// Nothing reaches it, but it is young, or a young one needs it: git's fsck wants that too.
        case recent
        case garbage
    }

    private let reached: ObjectMarks
    private let kept: ObjectMarks

    subscript(position: Int) -> State {
        if reached.contains(position) { return .reached }
        return kept.contains(position) ? .recent : .garbage
    }

    /// - Parameters:
    ///   - inventory: What there is.
    ///   - store: Whose it is.
    ///   - cutoff: What is older is not young, in nanoseconds since 1970.
    /// - Throws: ``UpkeepRefused``.
    init(of inventory: ObjectInventory, in store: Store, cutoff: Int) throws {
        let reachability = try store.reach(in: inventory)
        let before = try Reflogs(in: store.layout.repository).ids(since: cutoff / 1_000_000_000)
        try reachability.walk(from: before, .asFarAsPossible)
        try Self.addBases(in: inventory, to: reachability)
        try Self.addPromises(in: inventory, of: store, to: reachability)
        let reached = reachability.marks
        var young: [ObjectID] = []
        let add = { (id: ObjectID) in
            if let position = inventory.position(of: id), !reached.contains(position) { young.append(id) }
        }
        for object in inventory.loose where object.modified >= cutoff { add(object.id) }
        // What somebody wants to keep stays whole, with all that it names.
        for pack in inventory.packs where pack.modified >= cutoff || pack.isKept {
            for id in pack.ids { add(id) }
        }
        try reachability.walk(from: young, .asFarAsPossible)
        self.reached = reached
        try Self.addBases(in: inventory, to: reachability)
        try Self.addPromises(in: inventory, of: store, to: reachability)
        kept = reachability.marks
    }

    /// Marks what is needed for nothing but a remote's promise of what marked objects name.
    ///
    /// A version made here may name what is not here, since a version of the remote's named it. When that one
    /// is removed, some object which the remote has must go on naming it: else git takes it for lost.
    private static func addPromises(
        in inventory: ObjectInventory, of store: Store, to reachability: Reachability
    ) throws {
        guard inventory.isPartial else { return }
        let promised = inventory.promised()
        while true {
            let missing = reachability.unpromised
            let marks = reachability.marks
            let promises = try store.pool.with { repository in
                inventory.ids.indices.filter { position in
                    guard !missing.isEmpty, promised.contains(position), !marks.contains(position) else {
                        return false
                    }
                    let links = try? ObjectLinks.links(of: inventory.ids[position], in: repository)
                    return links?.contains { missing.contains($0.id) } ?? false
                }
            }
            if promises.isEmpty { return }
            try reachability.walk(from: promises.map { inventory.ids[$0] }, .asFarAsPossible)
        }
    }

    /// Marks what marked objects are deltas on, which has to stay beside them, with all that it names.
    private static func addBases(in inventory: ObjectInventory, to reachability: Reachability) throws {
        while true {
            let marks = reachability.marks
            let isMarked = { (id: ObjectID) in
                inventory.position(of: id).map { marks.contains($0) } ?? false
            }
            var bases: [ObjectID] = []
            for pack in inventory.packs {
                let count = pack.ids.reduce(0) { $0 + (isMarked($1) ? 1 : 0) }
                guard count > 0, count < pack.index.count else { continue }
                bases += try PackReader(index: pack.path).bases(of: isMarked).filter { !isMarked($0) }
            }
            if bases.isEmpty { return }
            try reachability.walk(from: bases, .asFarAsPossible)
        }
    }
}
