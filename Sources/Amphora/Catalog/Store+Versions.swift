import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// What a version's tag points at.
enum VersionEntry {
    case version(Version)
    case tombstone(Tombstone)

    var name: VersionName {
        switch self {
        case .version(let version): version.name
        case .tombstone(let tombstone): tombstone.name
        }
    }

    var type: ArtifactType {
        switch self {
        case .version(let version): version.type
        case .tombstone(let tombstone): tombstone.type
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
    /// - Throws: ``NotInStore`` with similar names if there is no such artifact.
    public func versions(of artifact: ArtifactName) throws -> [Version] {
        try entries(of: artifact).compactMap(\.version)
    }

    /// All versions of all artifacts that are not deleted, sorted by name.
    public func allVersions() throws -> [Version] { try allEntries().compactMap(\.version) }

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
    /// - Throws: ``NotInStore``, which says what there is.
    public func version(_ reference: VersionReference) throws -> Version {
        try pool.with { repository in
            let references = ReferenceStore(repository)
            switch reference.selector {
            case .number(let number):
                let name = VersionName(reference.artifact, number)
                guard let target = try references.target(of: .version(name)) else {
                    throw try notFound(reference)
                }
                switch try entry(name, CommitID(target), in: repository) {
                case .version(let version): return version
                case .tombstone(let tombstone): throw VersionDeleted(tombstone: tombstone)
                }
            case .alias(let alias):
                guard let target = try references.target(of: .alias(alias, of: reference.artifact)) else {
                    throw try notFound(reference)
                }
                let tags = try references.list(RefName.versions(of: reference.artifact))
                let numbers = tags.filter { $0.target == target }.compactMap { $0.name.version?.number }
                guard let number = numbers.max() else {
                    throw AliasAstray(reference: reference, target: target)
                }
                let name = VersionName(reference.artifact, number)
                guard let version = try entry(name, CommitID(target), in: repository).version else {
                    throw AliasAstray(reference: reference, target: target)
                }
                return version
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
            .map { try entry($0, $1, in: repository) }
    }

    /// The tags of an artifact, the highest number first.
    func tags(
        of artifact: ArtifactName, in repository: Repository
    ) throws -> [(name: VersionName, target: CommitID)] {
        try ReferenceStore(repository).list(RefName.versions(of: artifact))
            .compactMap { tag in tag.name.version.map { ($0, CommitID(tag.target)) } }
            .sorted { $0.name > $1.name }
    }

    func entry(_ name: VersionName, _ commitID: CommitID, in repository: Repository) throws -> VersionEntry {
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
            throw error is any ContentProblem ? VersionDamaged(name: name, path: nil, cause: error) : error
        }
    }
}
