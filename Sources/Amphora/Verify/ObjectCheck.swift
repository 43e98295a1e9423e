import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore
import Synchronization
import SystemPackage

/// Reads every object of a store once, packs in their own order, on all cores.
final class ObjectCheck: Sendable {
    private let inventory: ObjectInventory
    private let pool: RepositoryPool
    private let onBytes: @Sendable (Int) -> Void
    private let state: Mutex<State>

    private struct State {
        /// Lengths of sound blobs, up to 4 GiB.
        var byteCounts: [UInt32]
        var damaged: [ObjectID: any Error] = [:]
        var packs: [Damage] = []
    }

    init(_ inventory: ObjectInventory, _ pool: RepositoryPool, onBytes: @escaping @Sendable (Int) -> Void) {
        self.inventory = inventory
        self.pool = pool
        self.onBytes = onBytes
        state = Mutex(State(byteCounts: [UInt32](repeating: 0, count: inventory.ids.count)))
    }

    /// How many bytes there are to read.
    static func byteCount(of inventory: ObjectInventory) -> Int {
        inventory.packs.reduce(0) { $0 + $1.byteCount }
            + inventory.loose.reduce(0) { $0 + $1.byteCount }
    }

    /// Objects of which a copy is damaged.
    var damaged: [ObjectID: any Error] { state.withLock { $0.damaged } }
    /// What is wrong with packs as a whole.
    var packDamages: [Damage] { state.withLock { $0.packs } }
    /// Lengths of blobs by their positions in the inventory.
    var byteCounts: [UInt32] { state.withLock { $0.byteCounts } }

    func run() throws {
        for (name, cause) in inventory.damagedPacks {
            state.withLock { $0.packs.append(Damage(subject: "pack \(name)", error: cause)) }
        }
        // Small packs beside each other, the batches of a large one beside each other.
        let packs = inventory.packs
        let small = packs.filter { $0.byteCount < 8 << 20 }
        try Parallel.forEach(small.count) { check(small[$0]) { count, body in (0..<count).forEach(body) } }
        for pack in packs where pack.byteCount >= 8 << 20 {
            try checkInParallel(pack)
        }
        let batchCount = 64
        try Parallel.forEach((inventory.loose.count + batchCount - 1) / batchCount) { batch in
            let end = min(inventory.loose.count, (batch + 1) * batchCount)
            check(inventory.loose[(batch * batchCount)..<end])
        }
    }

    private func check(_ pack: ObjectInventory.Pack, _ forEach: (Int, (Int) -> Void) -> Void) {
        noting(pack) { check in
            let inflater = Inflater()
            forEach(check.batchCount) { self.check($0, of: check, inflater) }
        }
    }

    private func checkInParallel(_ pack: ObjectInventory.Pack) throws {
        try noting(pack) { check in
            try Parallel.forEach(check.batchCount) { self.check($0, of: check, Inflater()) }
        }
    }

    private func noting(_ pack: ObjectInventory.Pack, _ body: (PackCheck) throws -> Void) rethrows {
        let subject = "pack \(pack.path.lastComponent?.string ?? "")"
        let check: PackCheck
        do {
            check = try PackCheck(PackReader(index: pack.path))
        } catch {
            return state.withLock { $0.packs.append(Damage(subject: subject, error: error)) }
        }
        try body(check)
        guard let problem = check.problem() else { return }
        state.withLock { $0.packs.append(Damage(subject: subject, problem: problem)) }
    }

    private func check(_ batch: Int, of check: PackCheck, _ inflater: Inflater) {
        var blobs: [(id: ObjectID, byteCount: Int)] = []
        var damaged: [(ObjectID, any Error)] = []
        var deltas: [ObjectID] = []
        let byteCount = check.check(batch, with: inflater) { id, finding in
            switch finding {
            case .sound(let kind, let byteCount): if kind == .blob { blobs.append((id, byteCount)) }
            case .delta: deltas.append(id)
            case .damaged(let cause): damaged.append((id, DamagedObject(id: id, cause: cause)))
            }
        }
        for id in deltas {
            do {
                let (kind, count) = try pool.with { repository in
                    let kind = try repository.kind(of: id)
                    return (kind, try repository.withObject(id, as: kind) { $0.count })
                }
                if kind == .blob { blobs.append((id, count)) }
            } catch {
                damaged.append((id, error))
            }
        }
        note(blobs, damaged)
        onBytes(byteCount)
    }

    private func check(_ loose: ArraySlice<ObjectInventory.Loose>) {
        let inflater = Inflater()
        var blobs: [(id: ObjectID, byteCount: Int)] = []
        var damaged: [(ObjectID, any Error)] = []
        for entry in loose {
            do {
                let file = try inventory.folder.looseObject(entry.id).readAll()
                let object = try file.withUnsafeBytes { try LooseObject($0, id: entry.id, with: inflater) }
                if object.kind == .blob { blobs.append((entry.id, object.withContent { $0.count })) }
            } catch {
                damaged.append((entry.id, DamagedObject(id: entry.id, cause: error)))
            }
            onBytes(entry.byteCount)
        }
        note(blobs, damaged)
    }

    private func note(_ blobs: [(id: ObjectID, byteCount: Int)], _ damaged: [(ObjectID, any Error)]) {
        let positions = blobs.map { inventory.position(of: $0.id) }
        state.withLock { state in
            for (position, blob) in zip(positions, blobs) {
                if let position { state.byteCounts[position] = UInt32(clamping: blob.byteCount) }
            }
            for (id, cause) in damaged { state.damaged[id] = cause }
        }
    }
}
