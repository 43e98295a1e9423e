import Amphora
import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// What a fetch brought.
public struct FetchReport: Sendable {
    /// Versions, aliases and runs that the remote has now and had not, has elsewhere, or has no more.
    public internal(set) var changedNames: [String] = []
    /// Refs that look like a store's and are none: what they point at cannot be a version, an alias or a run.
    public internal(set) var strangeNames: [String] = []
    /// What the remote has and could not give; of all that, this store keeps what it knew before.
    public internal(set) var damage: DamagedInRemote?
    public internal(set) var size = TransferSize()
    /// Names under which the remote has something that is none of a store's refs.
    var occupied: Set<RefName> = []
    /// Whether nobody has pushed anything there yet.
    var isNew = false
    /// The branch that the remote's `HEAD` names.
    var head: RefName?
}

extension Remote {
    /// Looks at what the remote has, and brings the catalogue: versions and runs, without files.
    ///
    /// Nothing of this store's own changes, only what it knows of the remote.
    ///
    /// - Parameter progress: Told of what is received.
    /// - Returns: What changed.
    /// - Throws: ``RemoteFailure``.
    @discardableResult
    public func fetch(progress: Progress.Handler? = nil) throws -> FetchReport {
        try reaching("fetch from") {
            try store.whileWriting {
                try Exchange(self, open(), progress).fetch()
            }
        }
    }
}

/// A remote while something is exchanged with it.
///
/// Lives while the caller has the store's lock.
struct Exchange {
    let remote: Remote
    let transport: any Transport
    let progress: Progress.Handler?
    var store: Store { remote.store }

    /// What a remote may be that is no store.
    enum Newness {
        case isStore, mayBeEmpty, mayBeOther
    }

    init(_ remote: Remote, _ transport: any Transport, _ progress: Progress.Handler?) {
        self.remote = remote
        self.transport = transport
        self.progress = progress
    }

    /// Brings the catalogue.
    ///
    /// - Parameters:
    ///   - scope: The refs that matter.
    ///   - newness: Whether the remote may be no store yet.
    /// - Returns: What changed.
    /// - Throws: ``NotAStore``, ``NewerRemote``, and what the transport throws.
    func fetch(scope: (RefName) -> Bool = { _ in true }, _ newness: Newness = .isStore) throws -> FetchReport
    {
        try repeating { try fetchOnce(scope, newness) }
    }

    /// Tries again while other processes move the same refs of this store.
    func repeating<Result>(_ body: () throws -> Result) throws -> Result {
        for attempt in 1..<20 {
            do {
                return try body()
            } catch {
                guard error is RefsChanged else { throw error }
                Backoff.sleep(afterAttempt: attempt)
            }
        }
        return try body()
    }

    private func fetchOnce(_ scope: (RefName) -> Bool, _ newness: Newness) throws -> FetchReport {
        // Before the remote is asked: what another process learns meanwhile is newer than the answer.
        let (known, here) = try store.pool.with { repository in
            let references = ReferenceStore(repository)
            return (
                try SyncedRefs.read(mirror, in: references).filter { scope($0.key) },
                try SyncedRefs.read("refs/", in: references, below: "tags/")
            )
        }
        let references = try transport.references()
        guard references.isStore || newness == .mayBeOther || newness == .mayBeEmpty && references.isEmpty
        else {
            throw NotAStore(isEmpty: references.isEmpty)
        }
        // A branch belongs to an artifact only if that has versions: others may keep code in the same repository. Those
        // here count, too: where versions cannot be read there, their aliases are not gone.
        let artifacts = Set((Array(references.targets.keys) + here.keys).compactMap(\.version?.artifact))
        var seen = references.targets.filter { name, _ in
            name.travels && scope(name) && name.artifact.map { artifacts.contains($0) } != false
        }
        var report = FetchReport()
        report.isNew = !references.isStore
        report.head = references.head
        let isChanged = { (ref: (key: RefName, value: ObjectID)) in known[ref.key] != ref.value }
        let faults =
            try bringCommits(
                seen.filter { $0.key.run == nil && isChanged($0) }.map(\.value), &report.size)
            + bringRuns(seen.filter { $0.key.run != nil }, known, &report.size)
        store.pool.refresh()
        let problems = faults.reduce(into: [ObjectID: any Error]()) { $0[$1.item] = $1.error }
        var damaged = references.unreadable.filter { $0.key.travels && scope($0.key) }
        for (name, target) in seen { damaged[name] = damaged[name] ?? problems[target] }
        // Nothing is taken from them, and nothing is concluded.
        for name in damaged.keys { seen[name] = known[name] }
        report.damage = DamagedInRemote(damaged, remote: remote.name)
        let strange = try strangers(in: seen.filter(isChanged))
        for name in strange { seen[name] = nil }
        report.occupied = references.foreign.filter(scope).union(strange)
        let changes = [RefChange](from: known, to: seen, in: mirror)
        try store.pool.with { try ReferenceStore($0).apply(changes, reason: "amphora: fetch") }
        report.strangeNames = report.occupied.map(\.title).sorted()
        report.changedNames = Set(known.keys).union(seen.keys).filter { known[$0] != seen[$0] }.map(\.title)
            .sorted()
        return report
    }

    private var mirror: String { SyncedRefs.mirror(of: remote.name) }

    /// Commits that the remote could not give, and why.
    private typealias Unbrought = [(item: ObjectID, error: any Error)]

    private func bringCommits(_ ids: [ObjectID], _ size: inout TransferSize) throws -> Unbrought {
        try Isolation.faults(among: missing(ids)) {
            size += try transport.fetch(.commits($0), progress: progress)
        }
    }

    private func bringRuns(
        _ runs: [RefName: ObjectID], _ known: [RefName: ObjectID], _ size: inout TransferSize
    ) throws -> Unbrought {
        // What is here and was there before is here with all that a fetch of ours brings; plain git leaves out trees.
        let (changed, missing, common) = try store.pool.with { repository in
            let here = try SyncedRefs.read("refs/", in: ReferenceStore(repository), below: "notes/")
            let changed = runs.filter { name, target in known[name] != target || here[name] != target }
            let wanted = changed.filter { !repository.hasTree(ofRun: $0.value) }
            // What both have of these runs: only what was added since is sent.
            let common = wanted.keys.sorted().compactMap { name in
                [here[name], known[name]].compactMap(\.self).first { repository.hasTree(ofRun: $0) }
            }
            return (Set(changed.values).sorted(), Set(wanted.values).sorted(), common)
        }
        let faults = try Isolation.faults(among: missing) {
            size += try transport.fetch(.runs($0, known: common), progress: progress)
        }
        store.pool.refresh()
        return try faults + bringRecords(of: changed, &size)
    }

    /// Brings records that are too long to come with their runs: lists are to show them without asking anybody.
    private func bringRecords(of saves: [ObjectID], _ size: inout TransferSize) throws -> Unbrought {
        let missing = try store.pool.with { repository in
            saves.compactMap { save -> (save: ObjectID, record: ObjectID)? in
                let record = store.recordID(ofRun: CommitID(save), in: repository)
                return record.flatMap { repository.contains($0, mayBeStale: true) ? nil : (save, $0) }
            }
        }
        let faults = try Isolation.faults(among: missing) {
            size += try transport.fetch(.content(trees: [], blobs: $0.map(\.record)), progress: progress)
        }
        // Who was cloned light may not have it; another remote is asked when it is needed.
        return faults.filter { !($0.error is NotOnRemote) }.map { ($0.item.save, $0.error) }
    }

    /// Each once, in order.
    private func missing(_ ids: [ObjectID]) throws -> [ObjectID] {
        try store.pool.with { repository in
            Set(ids).filter { !repository.contains($0, mayBeStale: true) }.sorted()
        }
    }

    /// Which refs are no version, alias or run, whatever their names say.
    private func strangers(in refs: [RefName: ObjectID]) throws -> [RefName] {
        try store.pool.with { repository in
            try refs.filter { name, target in
                do {
                    guard name.run == nil else {
                        _ = try repository.commit(CommitID(target))
                        return false
                    }
                    let deleted = try store.deletedVersion(CommitID(target), in: repository)
                    // An alias is of a version that there is.
                    return name.alias != nil && deleted != nil
                } catch {
                    if error is NewerVersionFormat { throw NewerRemote(name: name, cause: error) }
                    // Anything else may be right the next time.
                    guard error is any ContentProblem else { throw error }
                    return true
                }
            }.keys.sorted()
        }
    }
}

extension Repository {
    /// Whether the save of a run is here with its tree; what is no save is nothing to be brought.
    fileprivate func hasTree(ofRun id: ObjectID) -> Bool {
        guard contains(id, mayBeStale: true) else { return false }
        guard let save = try? commit(CommitID(id)) else { return true }
        return contains(save.treeID.objectID, mayBeStale: true)
    }
}

/// A remote that nobody made a store.
public struct NotAStore: UserFacingError {
    let isEmpty: Bool
    public var code: ErrorCode { .notFound }
    public var message: String {
        isEmpty ? "there is nothing in the repository yet" : "the repository is not a store of amphora"
    }
    public var hint: String? {
        isEmpty
            ? "The first `amphora push` to it makes it a store."
            : "Is the address right? `amphora push --init` makes a repository of other things a store too."
    }
}

/// A remote that a later amphora has written.
public struct NewerRemote: UserFacingError {
    let name: RefName
    public let cause: (any Error)?
    public var code: ErrorCode { .unavailable }
    public var message: String { "cannot read \(name.title)" }
    public var hint: String? { "Update amphora; nothing was changed." }
}
