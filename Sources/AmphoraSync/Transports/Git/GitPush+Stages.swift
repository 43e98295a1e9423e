import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore

/// A large push is sent in stages: each a commit whose tree names some of the content, under a ref of its own.
///
/// A stage that has arrived stays there. So an interrupted push goes on with the next, and no host sees a push that
/// it takes for too large. The refs go when the push is done.
extension GitPush {
    /// Sends the content that the changes need and the remote lacks, if it is much.
    mutating func sendStages(for changes: [RefChange]) throws {
        let targets = changes.compactMap(\.target)
        guard transport.store.layout.objects.storedByteCount > transport.stageByteCount, !targets.isEmpty
        else { return }
        let remote = try transport.known ?? transport.references()
        let plan = try StagePlan(
            of: targets, butNot: Array(remote.targets.values), in: transport.store,
            byteCount: transport.stageByteCount)
        planned = plan.size
        for stage in plan.stages {
            let id = try write(stage)
            let name = RefName.stage(id)
            let outcome = try send([RefChange(name, from: nil, to: id)], isAtomic: false)?[name]
            // A host that takes no such refs gets all at once.
            if case .refused = outcome { return }
            transport.known?.targets[name] = id
            try remember(name, id)
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

    /// Keeps the stage alive here, so that git knows what the remote has.
    private func remember(_ name: RefName, _ id: ObjectID) throws {
        try transport.store.pool.with { repository in
            let references = ReferenceStore(repository)
            guard try references.target(of: name) == nil else { return }
            try references.apply([RefChange(name, from: nil, to: id)], reason: "amphora: push")
        }
    }

    /// Removes what this push, and pushes from here that were interrupted, have left in the remote.
    ///
    /// If that fails, the next push does it.
    mutating func removeStages() {
        let stages = (transport.known?.targets ?? [:]).filter { name, id in
            name.rawValue.hasPrefix(RefName.staging)
                && (try? transport.store.pool.with { $0.contains(id) }) == true
        }
        guard !stages.isEmpty else { return }
        let changes = stages.map { RefChange($0.key, from: $0.value, to: nil) }
        guard let outcomes = try? send(changes, isAtomic: false) else { return }
        let done = stages.filter { outcomes[$0.key] == .done || outcomes[$0.key] == .stale }
        for name in done.keys { transport.known?.targets[name] = nil }
        try? transport.store.pool.with { repository in
            let references = ReferenceStore(repository)
            let here = try done.filter { try references.target(of: $0.key) == $0.value }
            try references.apply(
                here.map { RefChange($0.key, from: $0.value, to: nil) }, reason: "amphora: push")
        }
    }
}

extension RefName {
    fileprivate static func stage(_ id: ObjectID) -> RefName { RefName(existing: "\(staging)\(id)") }
}
