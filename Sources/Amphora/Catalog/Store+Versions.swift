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

    var version: Version? {
        guard case .version(let version) = self else { return nil }
        return version
    }
}

extension Store {
    /// The names of all artifacts, sorted.
    public func artifactNames() throws -> [ArtifactName] {
        try pool.with { repository in
            Set(
                try ReferenceStore(repository).list(RefName.versions).compactMap { $0.name.version?.artifact }
            ).sorted()
        }
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
        readable(try allEntries(), onDamage)
    }

    private func readable(_ entries: [VersionEntry], _ onDamage: (VersionDamaged) -> Void) -> [Version] {
        entries.compactMap { entry in
            if case .damaged(let damage) = entry { onDamage(damage) }
            return entry.version
        }
    }

    /// The deleted versions of an artifact, in the order of their numbers.
    public func tombstones(of artifact: ArtifactName) throws -> [Tombstone] {
        try entries(of: artifact).compactMap { entry in
            guard case .tombstone(let tombstone) = entry else { return nil }
            return tombstone
        }
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
                guard let tag = try newestTag(of: reference.artifact, in: repository) else {
                    throw try notFound(reference)
                }
                (name, target) = tag
            case .alias(let alias):
                guard let head = try references.target(of: .alias(alias, of: reference.artifact)) else {
                    throw try notFound(reference)
                }
                target = CommitID(head)
                guard
                    let tag = try tags(of: reference.artifact, in: repository).first(where: {
                        $0.target == target
                    })
                else { throw AliasAstray(reference: reference, target: head) }
                name = tag.name
            }
            switch entry(name, target, in: repository) {
            case .version(let version): return version
            case .tombstone(let tombstone): throw VersionDeleted(tombstone: tombstone)
            case .damaged(let damage): throw damage
            }
        }
    }

    /// The tags of an artifact and what they point at, in the order of their numbers.
    func entries(of artifact: ArtifactName) throws -> [VersionEntry] {
        let entries = try pool.with { try self.entries(below: RefName.versions(of: artifact), in: $0) }
        guard !entries.isEmpty else { throw try notFound(VersionReference(artifact, .alias(.latest))) }
        return entries
    }

    func allEntries() throws -> [VersionEntry] {
        try pool.with { try entries(below: RefName.versions, in: $0) }
    }

    private func entries(below prefix: String, in repository: Repository) throws -> [VersionEntry] {
        try ReferenceStore(repository).list(prefix)
            .compactMap { reference in reference.name.version.map { ($0, CommitID(reference.target)) } }
            .sorted { $0.0 < $1.0 }
            .map { entry($0, $1, in: repository) }
    }

    /// The tags of an artifact, the highest number first.
    func tags(
        of artifact: ArtifactName, in repository: Repository
    ) throws -> [(name: VersionName, target: CommitID)] {
        try ReferenceStore(repository).list(RefName.versions(of: artifact))
            .compactMap { tag in tag.name.version.map { ($0, CommitID(tag.target)) } }
            .sorted { $0.name > $1.name }
    }

    /// The tag with the highest number that is not deleted; one that cannot be read may be a version.
    func newestTag(
        of artifact: ArtifactName, in repository: Repository
    ) throws -> (name: VersionName, target: CommitID)? {
        try tags(of: artifact, in: repository).first { tag in
            if case .tombstone = entry(tag.name, tag.target, in: repository) { false } else { true }
        }
    }

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
