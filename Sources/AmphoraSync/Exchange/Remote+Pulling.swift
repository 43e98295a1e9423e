public import Amphora
import AmphoraGit
public import AmphoraObjects

/// What a pull did, or would do.
public struct PullReport: Sendable {
    public internal(set) var fetched = FetchReport()
    /// What changed here, sorted by name.
    public internal(set) var changes: [SyncedChange] = []
    /// Versions among these that are of another type than their artifact.
    public internal(set) var strayTypes: [StrayType] = []
    /// What a push would send, in its order.
    public internal(set) var pending: [String] = []
    /// Versions, aliases and runs as they are here after it.
    var refs: [RefName: ObjectID] = [:]
}

extension Remote {
    /// Fetches the catalogue and brings this store up to it; what was logged here stays.
    ///
    /// Whatever cannot be settled is told in the report: versions that got another number, and aliases that were
    /// moved on both sides. The rules are in `Docs/Sync.md`.
    ///
    /// - Parameters:
    ///   - isTrial: Whether nothing is changed: the report says what would be.
    ///   - progress: Told of what is received.
    /// - Returns: What was done.
    /// - Throws: ``RemoteFailure``.
    @discardableResult
    public func pull(isTrial: Bool = false, progress: Progress.Handler? = nil) throws -> PullReport {
        try reaching("pull from") {
            try store.whileWriting {
                let exchange = try Exchange(self, open(), progress)
                var fetched = try exchange.fetch()
                let planned = try isTrial ? exchange.plan(after: fetched) : exchange.reconcile(after: fetched)
                if !isTrial { try exchange.pointHead(at: fetched.head) }
                fetched.damage = planned.damage
                let changes = planned.changes
                return PullReport(
                    fetched: fetched, changes: changes, strayTypes: try changes.strayTypes(in: store),
                    pending: planned.plan.outgoing(planned.facts).map(\.name.title),
                    refs: planned.plan.result.here)
            }
        }
    }
}

extension Exchange {
    /// Lets a plain `git clone` of this store check something out: what one of the remote does, if `HEAD` names nothing.
    fileprivate func pointHead(at wanted: RefName?) throws {
        try store.pool.with { repository in
            let references = ReferenceStore(repository)
            guard let head = try references.head(), try references.target(of: head) == nil else { return }
            let first = try references.list(RefName.aliases).map(\.name).filter(\.isLatest).min()
            let isHere = try wanted.map { try references.target(of: $0) != nil } ?? false
            if let name = isHere ? wanted : first { try references.pointHead(at: name) }
        }
    }
}
