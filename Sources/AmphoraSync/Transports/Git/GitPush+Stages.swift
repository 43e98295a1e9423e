import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

/// A large push is sent in stages: each a commit whose tree names some of the content, under a ref of its own.
///
/// A stage that has arrived stays there. So an interrupted push goes on with the next, and no host sees a push that
/// it takes for too large. The refs go when the push is done, unless another push from this store is going on: then it
/// needs them, perhaps, and they go with it. A store knows its own by refs of the same IDs, which also keep the
/// stages alive here, so that git knows what the remote has.
extension GitPush {
    /// Sends the content that the changes need and the remote lacks, if it is much.
    mutating func sendStages(for changes: [RefChange]) throws {
        let targets = changes.compactMap(\.target)
        guard transport.store.layout.objects.storedByteCount > transport.stageByteCount, !targets.isEmpty
        else { return }
        let remote = try transport.known ?? transport.references()
        stageLock = try StoreLock(transport.stageLockFile, .shared)
        let plan = try StagePlan(
            of: targets, butNot: Array(remote.targets.values), in: transport.store,
            byteCount: transport.stageByteCount)
        planned = plan.size
        for stage in plan.stages {
            let id = try write(stage)
            let name = RefName.stage(id)
            try remember(id)
            let outcome = try send([RefChange(name, from: nil, to: id)], isAtomic: false)?[name]
            // A host that takes no such refs gets all at once.
            if case .refused = outcome { return }
            transport.known?.targets[name] = id
        }
    }

    private func write(_ stage: [ObjectID]) throws -> ObjectID {
        let writer = try transport.store.makeWriter()
        let entries = stage.enumerated().map { number, id in
            let digits = String(number, radix: 16)
            let name = String(repeating: "0", count: 8 - digits.count) + digits
            return TreeEntry(name: Array(name.utf8), mode: .file, id: id)
        }
        // The same content makes the same stage, whenever it is sent.
        var commit = Commit.root
        commit.treeID = try writer.write(Tree(entries))
        commit.message = "amphora: part of a push\n"
        let id = try writer.write(commit).objectID
        try writer.finish()
        return id
    }

    private func remember(_ id: ObjectID) throws {
        let name = RefName(existing: "\(transport.stageFolder)\(id)")
        try transport.store.pool.with { repository in
            try ReferenceStore(repository).update(name, reason: "amphora: push") { _ in id }
        }
    }

    /// Removes what this push, and pushes from here that were interrupted, have left in the remote.
    ///
    /// If that fails, the next push does it.
    mutating func endStages() {
        stageLock = nil
        // Whoever else is sending stages shares the lock.
        guard (try? transport.hasStages()) == true,
            let lock = try? StoreLock(transport.stageLockFile, .exclusive, limit: .zero)
        else { return }
        withExtendedLifetime(lock) { try? removeStages() }
    }

    private mutating func removeStages() throws {
        let own = try transport.stages()
        // Another push from here may have sent some since this one asked, and died.
        let known = try transport.references().targets
        let there = own.filter { known[.stage($0.target)] == $0.target }
        let changes = there.map { RefChange(.stage($0.target), from: $0.target, to: nil) }
        let outcomes = try changes.isEmpty ? [:] : send(changes, isAtomic: false) ?? [:]
        // A host that refuses is asked again the next time.
        let gone = own.filter { stage in
            if case .refused = outcomes[.stage(stage.target)] { false } else { true }
        }
        for stage in gone { transport.known?.targets[.stage(stage.target)] = nil }
        try transport.store.pool.with { repository in
            try ReferenceStore(repository).apply(
                gone.map { RefChange($0.name, from: $0.target, to: nil) }, reason: "amphora: push")
        }
    }
}

extension GitTransport {
    /// Where this store has the stages that it sends to the remote.
    fileprivate var stageFolder: String { "\(SyncedRefs.sending(to: name))staging/" }
    fileprivate var stageLockFile: FilePath { store.layout.own.appending("stages.lock") }

    fileprivate func stages() throws -> [(name: RefName, target: ObjectID)] {
        try store.pool.with { try ReferenceStore($0).list(stageFolder) }
    }

    /// Whether a push from here may have left stages in the remote.
    func hasStages() throws -> Bool { try !stages().isEmpty }
}

extension RefName {
    fileprivate static func stage(_ id: ObjectID) -> RefName { RefName(existing: "\(staging)\(id)") }
}
