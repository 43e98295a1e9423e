import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// What a version's tag points at.
enum VersionEntry {
    case version(Version)
    case tombstone(Tombstone)
    /// A commit that cannot be read, or is no version.
    case damaged(VersionDamaged)

    var type: ArtifactType? {
        switch self {
        case .version(let version): version.type
        case .tombstone(let tombstone): tombstone.type
        case .damaged: nil
        }
    }

    var version: Version? { try? get() }

    func get() throws -> Version {
        switch self {
        case .version(let version): return version
        case .tombstone(let tombstone): throw VersionDeleted(tombstone: tombstone)
        case .damaged(let damage): throw damage
        }
    }

    var tombstone: Tombstone? {
        guard case .tombstone(let tombstone) = self else { return nil }
        return tombstone
    }
}

extension Store {
    /// The names of all artifacts, sorted.
    public func artifactNames() throws -> [ArtifactName] {
        try withCatalog(.allVersions) { try $0.artifactNames() }
    }

    /// All artifacts with versions that are not deleted, sorted by name.
    ///
    /// - Parameter onDamage: Told of versions that cannot be read; the others are counted all the same.
    /// - Returns: The artifacts.
    /// - Throws: If refs cannot be read.
    public func artifacts(onDamage: (VersionDamaged) -> Void = { _ in }) throws -> [ArtifactSummary] {
        let (newest, damaged) = try withCatalog(.allVersions) { try $0.newestVersions() }
        damaged.forEach(onDamage)
        return newest.map { ArtifactSummary(newest: $0, versionCount: $1) }
    }

    /// The versions of an artifact that are not deleted, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - artifact: The artifact.
    ///   - onDamage: Told of versions that cannot be read; the others are returned all the same.
    /// - Returns: The versions that can be read.
    /// - Throws: ``NotInStore`` with similar names if there is no such artifact.
    public func versions(
        of artifact: ArtifactName, onDamage: (VersionDamaged) -> Void = { _ in }
    ) throws -> [Version] {
        readable(try entries(of: artifact), onDamage)
    }

    /// All versions of all artifacts that are not deleted, sorted by name.
    ///
    /// - Parameter onDamage: Told of versions that cannot be read; the others are returned all the same.
    /// - Returns: The versions that can be read.
    /// - Throws: If refs cannot be listed.
    public func allVersions(onDamage: (VersionDamaged) -> Void = { _ in }) throws -> [Version] {
        readable(try withCatalog(.allVersions) { try $0.entries() }, onDamage)
    }

    private func readable(_ entries: [VersionEntry], _ onDamage: (VersionDamaged) -> Void) -> [Version] {
        entries.compactMap { entry in
            if case .damaged(let damage) = entry { onDamage(damage) }
            return entry.version
        }
    }

    /// The deleted versions of an artifact, in the order of their numbers.
    public func tombstones(of artifact: ArtifactName) throws -> [Tombstone] {
        let (found, numbers) = try withCatalog(.versions(of: artifact)) {
            (try $0.tombstones(of: artifact), try $0.numbers(of: artifact))
        }
        guard !numbers.isEmpty else { throw try notFound(VersionReference(artifact, .alias(.latest))) }
        return found
    }

    /// Finds the version that a user means: `mnist-raw`, `mnist-raw:best` or `mnist-raw:v3`.
    ///
    /// - Throws: `InvalidName`; ``NotInStore``, which says what there is.
    public func version(_ reference: String) throws -> Version { try version(VersionReference(reference)) }

    /// Finds the version that a user means.
    ///
    /// `latest` is found by the numbers, so that it is right even if a put died before it could move it.
    ///
    /// - Throws: ``NotInStore``, which says what there is; ``VersionDamaged``.
    public func version(_ reference: VersionReference) throws -> Version {
        try pool.with { repository in
            let references = ReferenceStore(repository)
            let name: VersionName
            let target: CommitID
            switch reference.selector {
            case .number(let number):
                name = VersionName(reference.artifact, number)
                guard let tag = try references.target(of: .version(name)) else {
                    throw try notFound(reference)
                }
                target = CommitID(tag)
            case .alias(.latest):
                guard let tag = try head(of: reference.artifact).newest else {
                    throw try notFound(reference)
                }
                (name, target) = tag
            case .alias(let alias):
                guard let head = try references.target(of: .alias(alias, of: reference.artifact)) else {
                    throw try notFound(reference)
                }
                target = CommitID(head)
                let known = try withCatalog(.versions(of: reference.artifact)) {
                    try $0.name(of: CommitID(head), in: reference.artifact)
                }
                guard let known else { throw AliasAstray(reference: reference, target: head) }
                name = known
            }
            return try entry(name, target, in: repository).get()
        }
    }

    /// Reads a version whose tag may not be here yet.
    ///
    /// - Throws: ``VersionDeleted``, ``VersionDamaged``.
    package func version(_ name: VersionName, at commitID: CommitID) throws -> Version {
        try pool.with { try entry(name, commitID, in: $0).get() }
    }

    /// The versions and tombstones of an artifact, in the order of their numbers.
    func entries(of artifact: ArtifactName) throws -> [VersionEntry] {
        let entries = try withCatalog(.versions(of: artifact)) { try $0.entries(of: artifact) }
        guard !entries.isEmpty else { throw try notFound(VersionReference(artifact, .alias(.latest))) }
        return entries
    }

    /// What the next version of an artifact depends on.
    func head(of artifact: ArtifactName) throws -> Catalog.Head {
        try withCatalog(.versions(of: artifact)) { try $0.head(of: artifact) }
    }

    /// Reads what a version's tag points at.
    func entry(_ name: VersionName, _ commitID: CommitID, in repository: Repository) -> VersionEntry {
        do {
            let commit = try repository.commit(commitID)
            let message = try VersionMessage(parsing: commit.message)
            if let deletedID = message.deletedID {
                return .tombstone(
                    Tombstone(name: name, type: message.type, deletedID: deletedID, signature: commit.author))
            }
            return .version(
                Version(
                    name: name, commitID: commitID, treeID: commit.treeID, signature: commit.author,
                    message: message, store: self))
        } catch {
            return .damaged(VersionDamaged(name: name, path: nil, cause: error))
        }
    }
}

/// An artifact in a list.
public struct ArtifactSummary: Sendable, Hashable {
    /// Its newest version.
    public let newest: Version
    /// How many versions it has that are not deleted.
    public let versionCount: Int

    public var name: ArtifactName { newest.name.artifact }
}
