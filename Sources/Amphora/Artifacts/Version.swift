import AmphoraGit
public import AmphoraObjects
import AmphoraStore
public import FoundationEssentials

/// One immutable content of an artifact: a commit whose tree is exactly the artifact's files.
public struct Version: Sendable, CustomStringConvertible {
    /// `mnist-raw:v3`.
    public let name: VersionName
    /// The commit.
    public let commitID: CommitID
    /// The commit's tree: the digest of the content, equal for equal files.
    public let treeID: TreeID
    /// Who logged it, and when.
    public let signature: Signature
    let message: VersionMessage
    let store: Store

    /// The artifact's type.
    public var type: ArtifactType { message.type }
    /// What people are told; `nil` if nothing.
    public var note: String? { message.description }
    /// Facts for programs, parsed each time.
    public var metadata: [String: JSONValue] { message.metadata }
    public var fileCount: Int { message.fileCount }
    /// Length of all files together, in bytes.
    public var byteCount: Int { message.byteCount }
    /// The run that logged it first.
    public var producerID: RunID? { message.runID }
    public var created: Date { signature.date }
    /// The first line of the description, or nothing.
    public var subject: String { message.description?.split(separator: "\n").first.map(String.init) ?? "" }

    public var description: String { name.description }

    /// The aliases that point at it now, sorted, `latest` first.
    public func aliases() throws -> [Alias] {
        try store.aliases(of: name.artifact).filter { $0.target == commitID }.map(\.alias)
    }
}

extension Version: Hashable {
    public static func == (lhs: Version, rhs: Version) -> Bool {
        lhs.commitID == rhs.commitID && lhs.name == rhs.name
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(commitID) }
}

/// What is left of a version that was deleted: its number is never used again.
public struct Tombstone: Sendable, Hashable {
    public let name: VersionName
    public let type: ArtifactType
    /// The commit that was deleted.
    public let deletedID: CommitID
    /// Who deleted it, and when.
    public let signature: Signature
}
