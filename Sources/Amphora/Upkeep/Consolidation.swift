import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore
import Synchronization
import SystemPackage

/// Writes the new packs of a plan, then removes what they replace.
///
/// In this order, so that a death at any moment loses nothing, and that readers, who take no lock, find each
/// object at any moment in one of the two places.
final class Consolidation: Sendable {
    /// A new pack ends after this many bytes.
    static let packByteCount = 2 << 30

    private let plan: ConsolidationPlan
    private let meter: ProgressMeter
    private let state: Mutex<State>

    /// `@unchecked`: the copier is made, used and left under the lock only.
    private struct State: @unchecked Sendable {
        /// Where new packs are until they are whole.
        var staged: StagedObjects?
        var packCount = 0
        /// The packs being written: one of what remotes have (`true`), one of all else.
        var copiers: [Bool: PackCopier] = [:]
        /// Objects that have a sound copy which stays.
        var settled: ObjectMarks
        /// Objects of which a copy was found damaged.
        var damaged: [(position: Int, cause: any Error)] = []
        /// The indexes of the new packs.
        var written: [FilePath] = []
    }

    init(_ plan: ConsolidationPlan, _ progress: Progress.Handler?) {
        self.plan = plan
        let inventory = plan.inventory
        let total =
            plan.packs.reduce(0) { $0 + inventory.packs[$1].byteCount }
            + plan.loose.reduce(0) { $0 + $1.byteCount }
        meter = ProgressMeter("packing", byteCount: total, progress)
        state = Mutex(State(settled: ObjectMarks(count: inventory.ids.count)))
    }

    private var inventory: ObjectInventory { plan.inventory }
    private var packFolder: FilePath { inventory.folder.appending("pack") }

    private func makePack(_ state: inout State) throws -> PackCopier {
        let staged = try state.staged ?? StagedObjects(in: inventory.folder)
        state.staged = staged
        state.packCount += 1
        return PackCopier(try staged.makePack(number: state.packCount))
    }

    /// Makes the new packs, durable and seen.
    ///
    /// - Throws: ``UpkeepRefused`` if an object that is needed has no sound copy. New packs are gone then.
    func write() throws {
        defer { state.withLock { $0.staged = nil } }
        do {
            settleCopiesThatStay()
            for number in plan.packs { try copy(inventory.packs[number]) }
            try packLoose()
            try state.withLock { state in
                for isPromised in Array(state.copiers.keys) { try finish(isPromised, &state) }
                if let damage = state.damaged.first(where: { !state.settled.contains($0.position) }) {
                    throw UpkeepRefused(
                        ref: nil,
                        cause: DamagedObject(id: inventory.ids[damage.position], cause: damage.cause))
                }
            }
        } catch {
            for path in state.withLock({ $0.written }) where !isOld(path) { try? removePack(path) }
            throw error is Errno ? FileError("write to the store", packFolder, error) : error
        }
    }

    /// Finds objects that need no copy since a pack that stays has a sound one.
    private func settleCopiesThatStay() {
        let inflater = Inflater()
        for number in plan.otherPacks {
            let pack = inventory.packs[number]
            var reader: PackReader?
            func settle(_ id: ObjectID) {
                guard pack.index.offset(of: id) != nil, let position = inventory.position(of: id),
                    plan.suffices(pack, for: position), plan.state(position) == .reached,
                    !state.withLock({ $0.settled.contains(position) })
                else { return }
                reader = reader ?? (try? PackReader(index: pack.path))
                let isSound = (try? reader?.object(id, with: inflater)).flatMap(\.self) != nil
                if isSound { state.withLock { _ = $0.settled.insert(position) } }
            }
            for replaced in plan.packs { inventory.packs[replaced].ids.forEach(settle) }
            for object in plan.loose { settle(object.id) }
        }
    }

    private func copy(_ pack: ObjectInventory.Pack) throws {
        let file = try PackReader(index: pack.path)
        let entries = try file.entries()
        var recent: PackCopier?
        for (number, entry) in entries.enumerated() {
            guard let position = inventory.position(of: entry.id) else { continue }
            switch plan.state(position) {
            case .reached:
                try add(position, entry.byteCount) { try $0.copy(number, of: entries, from: file) }
            case .recent:
                let copier = try recent ?? state.withLock { try makePack(&$0) }
                recent = copier
                do {
                    try copier.copy(number, of: entries, from: file)
                } catch {
                    // Nothing reaches it, and nobody can read it.
                    guard error is MalformedObject else { throw error }
                }
            case .garbage: break
            }
        }
        guard let path = try recent?.finish(isPromisor: pack.isPromised) else { return }
        try path.pack.setModified(pack.modified)
        state.withLock { $0.written.append(path) }
    }

    private func packLoose() throws {
        let batchCount = 64
        let loose = plan.loose
        try Parallel.forEach((loose.count + batchCount - 1) / batchCount) { batch in
            let inflater = Inflater()
            let deflater = AdaptiveDeflater()
            for object in loose[(batch * batchCount)..<min(loose.count, (batch + 1) * batchCount)] {
                guard let position = inventory.position(of: object.id) else { continue }
                let entry: PackEntry
                do {
                    entry = try read(object.id, inflater, deflater)
                } catch {
                    state.withLock { $0.damaged.append((position, error)) }
                    continue
                }
                try add(position, object.byteCount) { try $0.append(entry) }
            }
        }
    }

    private func read(
        _ id: ObjectID, _ inflater: Inflater, _ deflater: AdaptiveDeflater
    ) throws -> PackEntry {
        let file = try inventory.folder.looseObject(id).readAll()
        let object = try file.withUnsafeBytes { try LooseObject($0, id: id, with: inflater) }
        return object.withContent { PackEntry(id, object.kind, $0, with: deflater) }
    }

    /// Adds an object to the new pack, unless it is in one.
    private func add(_ position: Int, _ byteCount: Int, _ body: (PackCopier) throws -> Void) throws {
        meter.add(bytes: byteCount)
        try state.withLock { state in
            guard !state.settled.contains(position) else { return }
            let isPromised = plan.promised.contains(position)
            let copier = try state.copiers[isPromised] ?? makePack(&state)
            state.copiers[isPromised] = copier
            do {
                try body(copier)
                state.settled.insert(position)
            } catch {
                guard error is MalformedObject else { throw error }
                state.damaged.append((position, error))
            }
            if copier.byteCount >= Self.packByteCount { try finish(isPromised, &state) }
        }
    }

    private func finish(_ isPromised: Bool, _ state: inout State) throws {
        guard let copier = state.copiers.removeValue(forKey: isPromised), copier.objectCount > 0 else {
            return
        }
        state.written.append(try copier.finish(isPromisor: isPromised))
    }

    /// Sets the time of the new packs, in nanoseconds since 1970.
    func setModified(_ time: Int) throws {
        for path in state.withLock({ $0.written }) { try path.pack.setModified(time) }
    }

    /// Removes packs of which nothing stays, and loose objects that go.
    func removeGarbage() throws {
        try removeIndexOfPacks()
        for number in plan.packs where plan.isGarbage(number) {
            try removePack(inventory.packs[number].path)
        }
        for object in plan.garbage { try inventory.folder.looseObject(object.id).removeFile() }
    }

    /// An index over several packs must not name one that is gone.
    private func removeIndexOfPacks() throws {
        for name in try packFolder.folderEntries() where name.starts(with: Array("multi-pack-index".utf8)) {
            let path = packFolder.appending(bytes: name)
            try (path.isFolder ? path.removeAll() : path.removeFile())
        }
    }

    /// Removes what the new packs replace, and what is garbage.
    ///
    /// - Returns: How many packs are new.
    func removeOld() throws -> Int {
        try removeIndexOfPacks()
        // A pack with the same objects in the same order has the same name.
        let written = Set(state.withLock { $0.written })
        for path in plan.packs.map({ inventory.packs[$0].path }) where !written.contains(path) {
            try removePack(path)
        }
        var folders: Set<FilePath> = []
        for object in plan.loose + plan.garbage {
            let path = inventory.folder.looseObject(object.id)
            try path.removeFile()
            folders.insert(path.removingLastComponent())
        }
        for folder in folders { folder.removeIfEmpty() }
        return written.count
    }

    private func isOld(_ path: FilePath) -> Bool { inventory.packs.contains { $0.path == path } }

    /// The index first: a pack without one is not looked at, an index without a pack is an error to git.
    private func removePack(_ path: FilePath) throws {
        for suffix in ["idx", "pack", "rev", "bitmap", "mtimes", "promisor"] {
            try FilePath("\(path.string.dropLast(4)).\(suffix)").removeFile()
        }
    }
}
