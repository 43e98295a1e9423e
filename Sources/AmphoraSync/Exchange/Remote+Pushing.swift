public import Amphora
import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// What a push did, or would do.
public struct PushReport: Sendable {
    /// A ref of the remote.
    public struct Sent: Sendable, Hashable {
        public enum Kind: String, Sendable {
            case new, changed, removed
        }

        /// `mnist-raw:v3`, `mnist-raw:best`, or `run 3k9x2m1a`.
        public let name: String
        public let kind: Kind
        /// What the host says, if it refused.
        public var refusal: String?
    }

    /// What changed here first, sorted by name.
    public internal(set) var changes: [SyncedChange] = []
    /// Versions among these that are of another type than their artifact.
    public internal(set) var strayTypes: [StrayType] = []
    /// A line a ref, in the order in which they were sent.
    public internal(set) var sent: [Sent] = []
    public internal(set) var size = TransferSize()
    /// What the remote has and could not give.
    public internal(set) var damage: DamagedInRemote?
    /// Whether the remote became a store by this.
    public internal(set) var isNewStore = false
}

/// What is pushed.
public enum PushSelection: Sendable {
    case all
    /// These versions, the aliases by which they were named, and the runs that used or logged them.
    case versions([VersionReference])
}

extension Remote {
    /// Sends what the remote does not have, after bringing this store up to the remote.
    ///
    /// If somebody else is faster, it is done again with what they pushed.
    ///
    /// - Parameters:
    ///   - selection: What to send.
    ///   - isFirst: Whether a repository that holds other things may become a store.
    ///   - isTrial: Whether nothing is changed: the report says what would be.
    ///   - progress: Told of what is sent.
    /// - Returns: What was done, a line a ref; the host may have refused some.
    /// - Throws: ``RemoteFailure``.
    @discardableResult
    public func push(
        _ selection: PushSelection = .all, makingStore isFirst: Bool = false, isTrial: Bool = false,
        progress: Progress.Handler? = nil
    ) throws -> PushReport {
        try reaching("push to") {
            try store.whileWriting {
                let cargo = try Cargo(selection, in: store)
                let exchange = try Exchange(self, open(), progress)
                var report = try exchange.push(cargo, isFirst ? .mayBeOther : .mayBeEmpty, isTrial: isTrial)
                report.strayTypes = try report.changes.strayTypes(in: store)
                return report
            }
        }
    }
}

/// What a selection comes to in refs.
private struct Cargo {
    /// `nil`: everything.
    private let artifacts: Set<ArtifactName>?
    private let commits: Set<ObjectID>
    private let others: Set<RefName>

    init(_ selection: PushSelection, in store: Store) throws {
        guard case .versions(let references) = selection else {
            artifacts = nil
            commits = []
            others = []
            return
        }
        let versions = try references.map { try store.version($0) }
        artifacts = Set(versions.map(\.name.artifact))
        commits = Set(versions.map(\.commitID.objectID))
        var others = Set(try versions.flatMap { try store.runs(linking: $0) }.map { RefName.run($0.id) })
        for case (let artifact, .alias(let alias)) in references.map({ ($0.artifact, $0.selector) })
        where alias != .latest {
            others.insert(.alias(alias, of: artifact))
        }
        self.others = others
    }

    /// Whether the ref must be looked at.
    func matters(_ name: RefName) -> Bool {
        guard let artifacts else { return true }
        // With versions goes `latest`, which is moved there only from where it is.
        return others.contains(name)
            || (name.version != nil || name.isLatest)
                && name.artifact.map { artifacts.contains($0) } == true
    }

    /// Whether the ref is sent.
    func includes(_ name: RefName, _ target: ObjectID?) -> Bool {
        artifacts == nil || others.contains(name)
            || name.version != nil && target.map { commits.contains($0) } == true
    }
}

extension Exchange {
    /// So often others may be faster: each time one of them has got through.
    private static let attempts = 40

    fileprivate func push(_ cargo: Cargo, _ newness: Newness, isTrial: Bool) throws -> PushReport {
        var report = PushReport()
        for attempt in 1...Self.attempts {
            let start = ContinuousClock.now
            let fetched = try fetch(scope: cargo.matters, newness)
            report.isNewStore = fetched.isNew
            let first =
                try isTrial
                ? plan(after: fetched, scope: cargo.matters)
                : reconcile(after: fetched, scope: cargo.matters)
            // Conflicts that stay are found each time.
            report.changes =
                report.changes.filter { $0.kind != .conflict } + first.changes
            report.damage = first.damage
            // Runs that were merged are refs like all others now.
            let planned = try isTrial ? first : plan(after: fetched, scope: cargo.matters)
            let given = planned.plan.outgoing(planned.facts, where: cargo.includes)
            let unreadable = fetched.damage?.names ?? []
            let barred = fetched.occupied.union(unreadable)
            let outgoing = given.filter { !barred.contains($0.name) }
            report.sent =
                report.sent.filter { $0.refusal == nil }
                + given.filter { barred.contains($0.name) }.map { change in
                    PushReport.Sent(
                        name: change.name.title, kind: .new,
                        refusal: unreadable.contains(change.name)
                            ? "what is there cannot be read"
                            : "there is something else of this name, which is none of a store's")
                }
            let kinds = outgoing.map { change in
                let isRemoval = change.target.map { planned.facts.deleted($0) != nil } ?? true
                return PushReport.Sent(
                    name: change.name.title,
                    kind: isRemoval ? .removed : change.expected == nil ? .new : .changed)
            }
            guard !isTrial else {
                if !outgoing.isEmpty {
                    try namingContent(of: outgoing, planned.refs.here) {
                        try transport.checkContent(of: outgoing)
                    }
                }
                report.sent += kinds
                return report
            }
            try announce(outgoing)
            let (outcomes, size) = try namingContent(of: outgoing, planned.refs.here) {
                try transport.push(try root(if: fetched.isNew) + outgoing, progress: progress)
            }
            report.size += size
            try remember(outgoing, outcomes, after: planned.refs)
            for (change, var sent) in zip(outgoing, kinds) {
                switch outcomes[change.name] {
                case .done: report.sent.append(sent)
                case .refused(let reason):
                    sent.refusal = reason
                    report.sent.append(sent)
                case .stale, nil: break
                }
            }
            guard outcomes.values.contains(.stale) else { return report }
            Backoff.sleep(afterAttempt: attempt, of: start.duration(to: .now))
        }
        throw PushContention(attempts: Self.attempts)
    }

    /// Says whose content it is that a push fails for want of, by its name here.
    private func namingContent<Result>(
        of outgoing: [RefChange], _ here: [RefName: ObjectID], _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch {
            guard try store.pool.with({ $0.isPartial }) else { throw error }
            let targets = Set(outgoing.filter { $0.name.version != nil }.compactMap(\.target))
            let incomplete = try here.filter { targets.contains($0.value) }.keys.compactMap(\.version)
                .sorted()
                .compactMap { try? store.version(VersionReference($0.artifact, .number($0.number))) }
                .filter { version in
                    try store.pool.with { try !ContentSurvey([ContentNeed(version)], in: $0).isComplete }
                }
            guard let first = incomplete.first else { throw error }
            throw ContentMissingForPush(version: first.name, count: incomplete.count, cause: error)
        }
    }

    /// What makes a repository a store.
    private func root(if isNew: Bool) throws -> [RefChange] {
        guard isNew else { return [] }
        let target = try store.pool.with { try ReferenceStore($0).target(of: .root) }
        return [RefChange(.root, from: nil, to: target)]
    }

    /// Notes where aliases are about to be moved.
    ///
    /// If the answer never comes, and the alias moves on here, what it is there is still known to be from here.
    private func announce(_ outgoing: [RefChange]) throws {
        let aliases = outgoing.filter { $0.name.alias != nil && !$0.name.isLatest }
        guard !aliases.isEmpty else { return }
        try changeRefs { old in
            var new = old
            for change in aliases { new.sending[change.name] = change.target }
            return new
        }
    }

    /// Both have the same now, as far as the remote says so.
    private func remember(
        _ outgoing: [RefChange], _ outcomes: [RefName: PushOutcome], after before: SyncedRefs
    ) throws {
        guard !outgoing.isEmpty else { return }
        try changeRefs { old in
            var new = old
            for change in outgoing {
                let name = change.name
                if outcomes[name] == .done {
                    // What another process has learnt meanwhile is newer.
                    if old.there[name] == before.there[name] { new.there[name] = change.target }
                    if !name.isLatest, old.agreed[name] == before.agreed[name] {
                        new.agreed[name] = change.target
                    }
                }
                if old.sending[name] == change.target { new.sending[name] = nil }
            }
            return new
        }
    }

    private func changeRefs(_ change: (SyncedRefs) -> SyncedRefs) throws {
        try repeating {
            try store.pool.with { repository in
                let references = ReferenceStore(repository)
                let old = try SyncedRefs(of: remote.name, in: references)
                try references.apply(
                    old.changes(to: change(old), with: remote.name), reason: "amphora: push")
            }
        }
    }
}

/// Versions were to be sent whose content was never here.
public struct ContentMissingForPush: UserFacingError {
    let version: VersionName
    let count: Int
    public let cause: (any Error)?
    public var code: ErrorCode { .unavailable }
    public var message: String {
        "the content of '\(version)'\(count > 1 ? " and \(count - 1) more" : "") is not here"
    }
    public var hint: String? {
        "`amphora pull \(version)` brings it, and `amphora pull --all` all; then push again."
    }
}

/// Others kept being faster.
public struct PushContention: UserFacingError {
    let attempts: Int
    public var code: ErrorCode { .conflict }
    public var message: String { "others pushed \(attempts) times while this was being sent" }
    public var hint: String? { "Nothing is lost, here or there: run the command again." }
}
