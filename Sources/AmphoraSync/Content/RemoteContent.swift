public import Amphora
import AmphoraGit
public import AmphoraObjects
import Synchronization

/// Content that was brought from a remote.
public struct FetchedContent: Sendable, Equatable {
    /// The remote's name.
    public let remote: String
    public let size: TransferSize
}

/// Brings missing content from remotes, exactly what is missing: first trees, then what they name.
///
///     store.contentSource = RemoteContent(try store.remotes())
public final class RemoteContent: ContentSource {
    /// The way to a remote, by its name.
    struct Origin: Sendable {
        let name: String
        let open: @Sendable (Store) throws -> any Transport
    }

    private let origins: [Origin]
    private let isOffline: Bool
    /// Held while content comes: who needs the same then finds it.
    private let turn = Mutex(())

    /// - Parameters:
    ///   - remotes: Where content may be. Those that are known to have it are asked first, then the others;
    ///     among equals `origin`, then in this order.
    ///   - isOffline: Whether none may be asked: what is missing is then an error that says who has it.
    public convenience init(_ remotes: [Remote], isOffline: Bool = false) {
        let origins = remotes.map { remote in
            let (name, address, network) = (remote.name, remote.address, remote.network)
            return Origin(name: name) {
                try Transports.open(address, named: name, for: $0, through: network)
            }
        }
        self.init(origins, isOffline: isOffline)
    }

    init(_ origins: [Origin], isOffline: Bool = false) {
        self.origins = origins.filter { $0.name == "origin" } + origins.filter { $0.name != "origin" }
        self.isOffline = isOffline
    }

    public func bring(_ needs: [ContentNeed], into store: Store) throws { try fetch(needs, into: store) }

    /// Brings what is missing.
    ///
    /// What has come is kept whatever happens to the rest, and not asked for again. What a remote cannot give, because it
    /// is damaged there, keeps nothing else from coming.
    ///
    /// - Parameters:
    ///   - needs: What is needed; what they have in common comes once.
    ///   - store: Where it is to be.
    ///   - progress: Told of bytes received.
    /// - Returns: What came from which remote; nothing if all was here.
    /// - Throws: ``ContentUnavailable``.
    @discardableResult
    public func fetch(
        _ needs: [ContentNeed], into store: Store, progress: Progress.Handler? = nil
    ) throws -> [FetchedContent] {
        try turn.withLock { _ in
            store.pool.refresh()
            let incomplete = try needs.filter { need in
                try store.pool.with { try !ContentSurvey([need], in: $0).isComplete }
            }
            let orders = try store.pool.with { repository in
                try incomplete.map { try order(for: $0, in: ReferenceStore(repository)) }
            }
            let groups = Dictionary(grouping: zip(incomplete, orders)) { $1.map(\.index) }
                .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            var outcome = Outcome()
            for (_, group) in groups {
                try fetch(group.map(\.0), from: group[0].1, into: store, &outcome, progress)
            }
            guard outcome.missing.isEmpty else {
                throw ContentUnavailable(
                    owners: outcome.missing.map(\.owner), knownRemotes: outcome.knownRemotes,
                    fetched: outcome.fetched, failures: outcome.failures, isOffline: isOffline)
            }
            return outcome.fetched
        }
    }

    /// What became of several needs.
    private struct Outcome {
        var fetched: [FetchedContent] = []
        var missing: [ContentNeed] = []
        /// Remotes that are known to have what is missing.
        var knownRemotes: [String] = []
        var failures: [ContentUnavailable.Failure] = []
    }

    /// A remote, by its place in the list, and whether it had the content when it was last seen.
    private typealias Candidate = (index: Int, isKnown: Bool)

    private func order(for need: ContentNeed, in references: ReferenceStore) throws -> [Candidate] {
        let candidates = try origins.indices.map { index in
            (index: index, isKnown: try need.isNamed(by: origins[index].name, in: references))
        }
        return candidates.filter(\.isKnown) + candidates.filter { !$0.isKnown }
    }

    private func fetch(
        _ needs: [ContentNeed], from candidates: [Candidate], into store: Store, _ outcome: inout Outcome,
        _ progress: Progress.Handler?
    ) throws {
        var failures: [ContentUnavailable.Failure] = []
        var missing = needs
        for candidate in isOffline ? [] : candidates where !missing.isEmpty {
            let origin = origins[candidate.index]
            var size = TransferSize()
            var faults: [(item: ContentNeed, error: any Error)]
            do {
                let transport = try origin.open(store)
                faults = try Isolation.faults(among: missing) { needs in
                    var fetch = ContentFetch(needs, from: transport, into: store, progress)
                    defer { size += fetch.size }
                    try fetch.run()
                }
            } catch {
                faults = missing.map { ($0, error) }
            }
            missing = faults.map(\.item)
            failures += faults.map { .init(owner: $0.item.owner, remote: origin.name, error: $0.error) }
            if size.objectCount > 0 {
                outcome.fetched.append(FetchedContent(remote: origin.name, size: size))
            }
        }
        guard !missing.isEmpty else { return }
        let known = candidates.filter(\.isKnown).map { origins[$0.index].name }
        outcome.missing += missing
        outcome.knownRemotes += known.filter { !outcome.knownRemotes.contains($0) }
        outcome.failures += failures
    }
}

extension ContentNeed {
    /// Whether a remote had it when it was last seen; a version may have another number there.
    fileprivate func isNamed(by remote: String, in references: ReferenceStore) throws -> Bool {
        let prefix = "refs/remotes/\(remote)/"
        switch owner {
        case .run(let id):
            return try references.target(of: RefName(existing: "\(prefix)notes/runs/\(id)")) != nil
        case .version(let name):
            let versions = "\(prefix)tags/\(name.artifact)/"
            let target = try references.target(of: RefName(existing: "\(versions)\(name.number)"))
            return try target == commitID.objectID
                || references.list(versions).contains { $0.target == commitID.objectID }
        }
    }
}
