import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// An alias and the version it points at.
public struct AliasTarget: Sendable, Hashable {
    public let artifact: ArtifactName
    public let alias: Alias
    public let target: CommitID
}

extension Store {
    /// The aliases of an artifact, `latest` first, the others sorted.
    public func aliases(of artifact: ArtifactName) throws -> [AliasTarget] {
        try withCatalog(.aliases(of: artifact)) { try $0.aliases(of: artifact) }
    }

    /// All aliases, sorted by artifact, `latest` first.
    public func allAliases() throws -> [AliasTarget] { try withCatalog(.allAliases) { try $0.aliases() } }

    /// Points an alias at a version, making it if there is none.
    ///
    /// - Returns: The commit it pointed at before, or `nil` if it is new.
    /// - Throws: ``LatestIsAutomatic`` for `latest`; `ReferenceContention` if others keep moving it.
    @discardableResult
    public func setAlias(_ alias: Alias, to version: Version) throws -> CommitID? {
        guard alias != .latest else { throw LatestIsAutomatic() }
        return try whileWriting {
            try pool.with { repository in
                let current = try ReferenceStore(repository).target(of: .version(version.name))
                // Deleting a version takes the lock alone: while we share it, it stays.
                guard current == version.commitID.objectID else {
                    throw NotInStore(what: "version '\(version)' any more", hint: "It was deleted meanwhile.")
                }
                let previous = try setAlias(
                    alias, of: version.name.artifact, to: version.commitID, in: repository)
                try settleConflicts(of: alias, version.name.artifact, in: repository)
                return previous
            }
        }
    }

    func setAlias(
        _ alias: Alias, of artifact: ArtifactName, to commitID: CommitID, in repository: Repository
    ) throws -> CommitID? {
        var previous: ObjectID?
        try ReferenceStore(repository).update(.alias(alias, of: artifact), reason: "amphora: alias set") {
            current in
            previous = current
            return commitID.objectID
        }
        return previous.map { CommitID($0) }
    }

    /// Removes an alias; the version stays.
    ///
    /// - Returns: The commit it pointed at.
    /// - Throws: ``LatestIsAutomatic`` for `latest`; ``NotInStore`` if there is no such alias.
    @discardableResult
    public func removeAlias(_ alias: Alias, of artifact: ArtifactName) throws -> CommitID {
        guard alias != .latest else { throw LatestIsAutomatic() }
        return try whileWriting {
            try pool.with { repository in
                guard let target = try ReferenceStore(repository).delete(.alias(alias, of: artifact)) else {
                    let aliases = try aliases(of: artifact).map(\.alias.rawValue)
                    throw NotInStore(
                        what: "alias '\(artifact):\(alias)'",
                        hint: Similarity.hint(for: alias.rawValue, among: aliases, none: "It has none."))
                }
                try settleConflicts(of: alias, artifact, in: repository)
                return CommitID(target)
            }
        }
    }

    /// Points `latest` at an artifact's newest version that is not deleted, if there is one.
    ///
    /// Others may give higher numbers meanwhile, take over versions of a remote's with gaps between their numbers, or learn
    /// that one was deleted there. So it is looked at again whenever one of them has moved `latest` first. Who moves it
    /// later looks later.
    ///
    /// - Parameters:
    ///   - artifact: The artifact.
    ///   - repository: The repository.
    /// - Throws: `ReferenceContention` if others keep moving it.
    func updateLatest(of artifact: ArtifactName, in repository: Repository) throws {
        let references = ReferenceStore(repository)
        try references.update(.alias(.latest, of: artifact), reason: "amphora: latest") { _ in
            let versions = try references.list(RefName.versions(of: artifact))
                .compactMap { ref in ref.name.version.map { (name: $0, target: ref.target) } }
            return versions.sorted { $0.name > $1.name }.first { name, target in
                if case .tombstone = entry(name, CommitID(target), in: repository) { false } else { true }
            }?.target
        }
    }
}

/// `latest` was to be moved by hand.
public struct LatestIsAutomatic: UserFacingError {
    public var code: ErrorCode { .invalidArgument }
    public var message: String {
        "'latest' cannot be moved or removed: it follows the newest version by itself"
    }
    public var hint: String? { "Choose another word, for example 'best'." }
}
