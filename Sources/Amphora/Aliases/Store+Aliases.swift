import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// An alias and the version it points at.
public struct AliasTarget: Sendable, Hashable {
    public let artifact: ArtifactName
    public let alias: Alias
    public let target: CommitID
}

extension Store {
    /// The aliases of an artifact, `latest` first, the others sorted.
    public func aliases(of artifact: ArtifactName) throws -> [AliasTarget] {
        try aliases(below: RefName.aliases(of: artifact))
    }

    /// All aliases, sorted by artifact, `latest` first.
    public func allAliases() throws -> [AliasTarget] { try aliases(below: RefName.aliases) }

    private func aliases(below prefix: String) throws -> [AliasTarget] {
        try pool.with { try ReferenceStore($0).list(prefix) }
            .compactMap { reference in
                reference.name.alias.map {
                    AliasTarget(artifact: $0.artifact, alias: $0.alias, target: CommitID(reference.target))
                }
            }
            .sorted {
                ($0.artifact, $0.alias != .latest ? 1 : 0, $0.alias) < (
                    $1.artifact, $1.alias != .latest ? 1 : 0, $1.alias
                )
            }
    }

    /// Points an alias at a version, making it if there is none.
    ///
    /// - Returns: The commit it pointed at before, or `nil` if it is new.
    /// - Throws: ``LatestIsAutomatic`` for `latest`; `ReferenceContention` if others keep moving it.
    @discardableResult
    public func setAlias(_ alias: Alias, to version: Version) throws -> CommitID? {
        guard alias != .latest else { throw LatestIsAutomatic() }
        return try whileWriting {
            try pool.with { try setAlias(alias, of: version.name.artifact, to: version.commitID, in: $0) }
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
        return try delete(alias, of: artifact)
    }

    @discardableResult
    func delete(_ alias: Alias, of artifact: ArtifactName) throws -> CommitID {
        let name = RefName.alias(alias, of: artifact)
        // Taking a packed ref out rewrites the file of all of them: nobody else may write meanwhile.
        let isPacked = try layout.repository.appending("packed-refs").containsText(" \(name)\n")
        let delete = { try self.delete(name, alias, artifact) }
        return try isPacked ? exclusively(delete) : whileWriting(delete)
    }

    private func delete(_ name: RefName, _ alias: Alias, _ artifact: ArtifactName) throws -> CommitID {
        try pool.with { repository in
            let references = ReferenceStore(repository)
            for attempt in 1...ReferenceStore.attempts {
                guard let current = try references.target(of: name) else {
                    throw try notFound(VersionReference(artifact, .alias(alias)))
                }
                if try references.delete(name, expecting: current) { return CommitID(current) }
                references.removeStaleLock(of: name)
                Backoff.sleep(afterAttempt: attempt)
            }
            throw ReferenceContention(name: name, attempts: ReferenceStore.attempts)
        }
    }

    /// Points `latest` at the version with the highest number, or removes it if there is none left.
    func updateLatest(of artifact: ArtifactName, in repository: Repository) throws {
        try ReferenceStore(repository).update(.alias(.latest, of: artifact), reason: "amphora: latest") { _ in
            for tag in try tags(of: artifact, in: repository) {
                if try entry(tag.name, tag.target, in: repository).version != nil {
                    return tag.target.objectID
                }
            }
            return nil
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
