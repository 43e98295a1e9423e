public import AmphoraObjects

/// Content that is about to be read.
public struct ContentNeed: Sendable {
    /// Whose content it is.
    public enum Owner: Hashable, Sendable, CustomStringConvertible {
        case version(VersionName)
        case run(RunID)

        public var description: String {
            switch self {
            case .version(let name): "'\(name)'"
            case .run(let id): "the run '\(id)'"
            }
        }
    }

    /// How much of the files is needed; each of these takes in those before it.
    public enum Extent: Int, Sendable, Comparable {
        /// What it takes to list them: trees, and the markers of chunked files.
        case listing
        /// Their lengths: that of a small file is known when it is here.
        case lengths
        /// All of them.
        case content

        public static func < (lhs: Extent, rhs: Extent) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    public let owner: Owner
    /// The version's commit, or the newest of the run.
    public let commitID: CommitID
    /// The commit's tree.
    public let treeID: TreeID
    /// Files and folders; empty for all.
    public let paths: [ArtifactPath]
    public let extent: Extent
    /// The number of all files of the owner, and their length together, if that is known.
    package let size: (fileCount: Int, byteCount: Int)?

    /// Needs files of a version.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - paths: Files and folders; empty for all.
    ///   - extent: How much of them.
    public init(_ version: Version, paths: [ArtifactPath] = [], _ extent: Extent = .content) {
        owner = .version(version.name)
        commitID = version.commitID
        treeID = version.treeID
        self.paths = paths
        self.extent = extent
        size = (version.fileCount, version.byteCount)
    }

    /// Needs files of a run.
    package init(
        _ run: RunID, _ commitID: CommitID, _ treeID: TreeID, paths: [ArtifactPath], _ extent: Extent
    ) {
        owner = .run(run)
        self.commitID = commitID
        self.treeID = treeID
        self.paths = paths
        self.extent = extent
        size = nil
    }
}
