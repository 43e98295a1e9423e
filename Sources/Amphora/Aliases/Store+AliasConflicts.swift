import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// An alias that was moved here and at a remote, to different versions.
///
/// Ours stays until somebody decides; see `Docs/Sync.md`.
public struct AliasConflict: Sendable, Hashable {
    public let artifact: ArtifactName
    public let alias: Alias
    public let remote: String
    /// What it points at there.
    public let target: CommitID

    /// One of the two that moved it.
    public enum Side: Sendable, Hashable {
        case ours
        /// `nil`: the only remote that differs.
        case theirs(remote: String?)
    }
}

/// An alias that nobody has to decide about.
public struct NoAliasConflict: UserFacingError {
    let artifact: ArtifactName
    let alias: Alias
    public var code: ErrorCode { .notFound }
    public var message: String { "there is no conflict about '\(artifact):\(alias)'" }
    public var hint: String? { "`amphora alias ls` shows those that there are." }
}

/// Remotes that differ from one another, too.
public struct AmbiguousConflict: UserFacingError {
    let artifact: ArtifactName
    let alias: Alias
    let remotes: [String]
    public var code: ErrorCode { .invalidArgument }
    public var message: String {
        "'\(artifact):\(alias)' is something else in each of \(remotes.joined(separator: ", "))"
    }
    public var hint: String? { "Name one with `--remote`." }
}

extension Store {
    /// The aliases that somebody has to decide about, sorted.
    public func aliasConflicts() throws -> [AliasConflict] {
        try pool.with { try conflictRefs(in: $0).map(\.conflict) }
            .sorted { ($0.artifact, $0.alias, $0.remote) < ($1.artifact, $1.alias, $1.remote) }
    }

    /// Settles a conflict.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - artifact: Whose it is.
    ///   - side: Whose target it is to have.
    /// - Returns: What it points at now.
    /// - Throws: ``NoAliasConflict``; ``AmbiguousConflict`` if several remotes differ and none is named.
    @discardableResult
    public func resolveConflict(
        of alias: Alias, _ artifact: ArtifactName, taking side: AliasConflict.Side
    ) throws -> CommitID {
        try whileWriting {
            try pool.with { repository in
                let refs = try conflictRefs(of: alias, artifact, in: repository)
                guard !refs.isEmpty else { throw NoAliasConflict(artifact: artifact, alias: alias) }
                if case .theirs(let remote) = side {
                    let theirs = refs.map(\.conflict).filter { remote == nil || $0.remote == remote }
                    guard let first = theirs.first else {
                        throw NoAliasConflict(artifact: artifact, alias: alias)
                    }
                    guard theirs.allSatisfy({ $0.target == first.target }) else {
                        throw AmbiguousConflict(
                            artifact: artifact, alias: alias, remotes: theirs.map(\.remote))
                    }
                    _ = try setAlias(alias, of: artifact, to: first.target, in: repository)
                }
                // What another process has learnt of the remote meanwhile is still to be decided about.
                try settle(refs, in: repository)
                guard let target = try ReferenceStore(repository).target(of: .alias(alias, of: artifact))
                else {
                    throw NoAliasConflict(artifact: artifact, alias: alias)
                }
                return CommitID(target)
            }
        }
    }

    /// Takes an alias's conflicts for settled: where it points here is what the next push sends.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - artifact: Whose it is.
    ///   - repository: The repository.
    /// - Throws: If another process keeps moving the refs.
    func settleConflicts(of alias: Alias, _ artifact: ArtifactName, in repository: Repository) throws {
        try settle(conflictRefs(of: alias, artifact, in: repository), in: repository)
    }

    private typealias ConflictRef = (name: RefName, conflict: AliasConflict)

    private func conflictRefs(
        of alias: Alias, _ artifact: ArtifactName, in repository: Repository
    ) throws -> [ConflictRef] {
        try conflictRefs(in: repository)
            .filter { $0.conflict.alias == alias && $0.conflict.artifact == artifact }
    }

    private func settle(_ refs: [ConflictRef], in repository: Repository) throws {
        let references = ReferenceStore(repository)
        let changes = try refs.flatMap { name, conflict in
            // As if both had agreed on theirs before ours was moved.
            let agreed = RefName(
                existing: "\(RefName.synced)\(conflict.remote)/heads/\(conflict.artifact)/\(conflict.alias)")
            return [
                RefChange(name, from: conflict.target.objectID, to: nil),
                RefChange(agreed, from: try references.target(of: agreed), to: conflict.target.objectID),
            ]
        }
        try references.apply(changes, reason: "amphora: alias settled")
    }

    private func conflictRefs(in repository: Repository) throws -> [(name: RefName, conflict: AliasConflict)]
    {
        // Nearly always there are none, and no need to look through thousands of refs.
        let folder = layout.repository.appending(RefName.conflicts)
        let packedRefs = layout.repository.appending("packed-refs")
        guard try folder.isFolder || packedRefs.containsText(" \(RefName.conflicts)") else { return [] }
        return try ReferenceStore(repository).list(RefName.conflicts).compactMap { ref in
            let parts = ref.name.rawValue.dropFirst(RefName.conflicts.count).split(separator: "/")
            guard parts.count == 3, let artifact = try? ArtifactName(String(parts[1])),
                let alias = try? Alias(String(parts[2]))
            else { return nil }
            let conflict = AliasConflict(
                artifact: artifact, alias: alias, remote: String(parts[0]), target: CommitID(ref.target))
            return (ref.name, conflict)
        }
    }
}
