import Amphora
import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import Synchronization

extension Exchange {
    /// A plan, and what it was made from.
    struct Planned {
        let refs: SyncedRefs
        let plan: ReconcilePlan
        let facts: CommitFacts
        /// What the remote could not give, and so stays as it is.
        var damage: DamagedInRemote?

        /// What the plan changes here, sorted by name.
        var changes: [SyncedChange] {
            let damaged = Set(damage.map { $0.names.map(\.title) } ?? [])
            return plan.changes(from: refs, facts).filter { $0.kind != .merged || !damaged.contains($0.name) }
        }
    }

    /// Plans how this store and the remote, as last seen, are brought together.
    ///
    /// - Parameters:
    ///   - fetched: What was seen there.
    ///   - scope: The refs that matter.
    /// - Returns: The plan.
    /// - Throws: ``HistoryRewritten``, ``NumbersClash``.
    func plan(
        after fetched: FetchReport, scope: (RefName) -> Bool = { _ in true }
    ) throws -> Planned {
        let (refs, elsewhere) = try store.pool.with { repository in
            let references = ReferenceStore(repository)
            let refs = try SyncedRefs(of: remote.name, in: references)
            return (refs, try Self.known(refs.here, toOthersThan: remote.name, in: repository))
        }
        let facts = CommitFacts(of: store)
        let plan = ReconcilePlan(
            refs, elsewhere: elsewhere, occupied: fetched.occupied, damaged: fetched.damage?.names ?? [],
            facts: facts, scope: scope)
        let rewritten = plan.names(.rewritten)
        guard rewritten.isEmpty else { throw HistoryRewritten(names: rewritten, remote: remote) }
        let clashes = plan.names(.clash)
        guard clashes.isEmpty else { throw NumbersClash(names: clashes, remote: remote) }
        return Planned(refs: refs, plan: plan, facts: facts, damage: fetched.damage)
    }

    /// The versions that other remotes have under the same numbers.
    private static func known(
        _ here: [RefName: ObjectID], toOthersThan name: String, in repository: Repository
    ) throws -> Set<RefName> {
        let references = ReferenceStore(repository)
        return try repository.remoteNames().filter { $0 != name }.reduce(into: []) { known, other in
            let there = try SyncedRefs.read(SyncedRefs.mirror(of: other), in: references)
            known.formUnion(there.filter { $0.key.version != nil && here[$0.key] == $0.value }.keys)
        }
    }

    /// Brings this store up to what the remote was last seen to have.
    ///
    /// - Parameters:
    ///   - fetched: What was seen there.
    ///   - scope: The refs that matter.
    /// - Returns: What was done, and what a push would do.
    /// - Throws: As ``plan(after:scope:)``; nothing is changed then.
    func reconcile(
        after fetched: FetchReport, scope: (RefName) -> Bool = { _ in true }
    ) throws -> Planned {
        // If somebody moved a ref meanwhile, their move counts.
        try repeating {
            var planned = try plan(after: fetched, scope: scope)
            let unmerged = try carryOut(planned, scope)
            planned.damage = DamagedInRemote(unmerged, remote: remote.name, besides: planned.damage)
            return planned
        }
    }

    /// Changes all refs here at one moment.
    ///
    /// - Returns: Runs whose saves could not be made one, and why; they stay as they are.
    private func carryOut(
        _ planned: Planned, _ scope: (RefName) -> Bool
    ) throws -> [RefName: any Error] {
        var result = planned.plan.result
        var unmerged: [RefName: any Error] = [:]
        for name in planned.plan.names(.merge) {
            guard let run = name.run, let ours = planned.refs.here[name],
                let theirs = planned.refs.there[name]
            else { continue }
            do {
                let fork = try RunFork(run, CommitID(ours), CommitID(theirs), in: store)
                try RemoteContent(store.remotes(through: remote.network)).fetch(
                    fork.needs(), into: store, progress: progress)
                result.here[name] = try fork.merged().objectID
            } catch {
                // One run keeps nothing else from coming.
                guard error is ContentUnavailable || (error as? any UserFacingError)?.code == .corrupt
                else { throw error }
                unmerged[name] = error
            }
        }
        try store.pool.with { repository in
            let references = ReferenceStore(repository)
            let folder = SyncedRefs.conflicts(with: remote.name)
            let old = try Dictionary(
                uniqueKeysWithValues: references.list(folder).map { ($0.name, $0.target) })
            var conflicts = old.filter { !scope(Self.alias(of: $0.key, in: folder)) }
            for name in planned.plan.names(.conflict) {
                conflicts[Self.conflict(about: name, in: folder)] = planned.refs.there[name]
            }
            // At once: a version is never under two numbers, nor is what both agreed on ever ahead of what is here.
            try references.apply(
                planned.refs.changes(to: result, with: remote.name) + [RefChange](from: old, to: conflicts),
                atOnce: true, reason: "amphora: pull")
        }
        return unmerged
    }

    /// `refs/heads/model/best` is about `refs/amphora/conflicts/origin/model/best`.
    private static func conflict(about alias: RefName, in folder: String) -> RefName {
        RefName(existing: "\(folder)\(alias.rawValue.dropFirst(RefName.aliases.count))")
    }

    private static func alias(of conflict: RefName, in folder: String) -> RefName {
        RefName(existing: "\(RefName.aliases)\(conflict.rawValue.dropFirst(folder.count))")
    }
}

extension CommitFacts {
    /// Looks at the commits of a store; each is read once.
    init(of store: Store) {
        let known = Mutex<[ObjectID: ObjectID?]>([:])
        self.init(
            deleted: { id in
                if let deleted = known.withLock({ $0[id] }) { return deleted }
                let deleted = (try? store.pool.with { try store.deletedVersion(CommitID(id), in: $0) }) ?? nil
                known.withLock { $0[id] = .some(deleted?.objectID) }
                return deleted?.objectID
            },
            isBefore: { first, second in
                (try? store.pool.with { try Self.leads(from: second, to: first, in: $0) }) ?? false
            })
    }

    private static func leads(from start: ObjectID, to goal: ObjectID, in repository: Repository) throws
        -> Bool
    {
        var waiting = [start]
        var seen: Set<ObjectID> = [start]
        while let id = waiting.popLast() {
            if id == goal { return true }
            for parent in try repository.commit(CommitID(id)).parentIDs
            where seen.insert(parent.objectID).inserted {
                waiting.append(parent.objectID)
            }
        }
        return false
    }
}

/// A remote that has other versions than those that both had agreed on.
public struct HistoryRewritten: UserFacingError {
    let names: [RefName]
    let remote: Remote
    public var code: ErrorCode { .conflict }
    public var message: String {
        "'\(remote.name)' has something else under a number that was pushed before: "
            + names.prefix(5).map(\.title).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    }
    public var hint: String? {
        "Somebody moved a tag there; nothing was changed here. To keep both, forget what was agreed on: "
            + "`amphora remote rm \(remote.name)`, add it again, and pull; yours get new numbers."
    }
}

/// Two remotes that have different versions under one number.
public struct NumbersClash: UserFacingError {
    let names: [RefName]
    let remote: Remote
    public var code: ErrorCode { .conflict }
    public var message: String {
        "another remote has a different version than '\(remote.name)' under the same number: "
            + names.prefix(5).map(\.title).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    }
    public var hint: String? {
        "One artifact cannot be numbered by two remotes: log it under another name for one of them."
    }
}
