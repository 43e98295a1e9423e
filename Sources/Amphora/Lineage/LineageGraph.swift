public import AmphoraObjects
public import FoundationEssentials

/// The graph of versions and the runs that used and logged them.
///
/// Bipartite: an edge leads from a version to a run that used it, or from a run to a version it logged.
public struct LineageGraph: Sendable {
    /// A version, as the graph shows it.
    public struct VersionNode: Hashable, Sendable {
        public let commitID: CommitID
        public let name: VersionName
        public let type: ArtifactType
        public let aliases: [Alias]
        /// Length of all its files, in bytes.
        public let byteCount: Int
        /// Whether the version has been deleted since: links to it stay.
        public let isDeleted: Bool
        /// The aliases that are something else at a remote.
        public let conflicts: [AliasConflict]

        public init(
            commitID: CommitID, name: VersionName, type: ArtifactType, aliases: [Alias], byteCount: Int,
            isDeleted: Bool, conflicts: [AliasConflict] = []
        ) {
            self.commitID = commitID
            self.name = name
            self.type = type
            self.aliases = aliases
            self.byteCount = byteCount
            self.isDeleted = isDeleted
            self.conflicts = conflicts
        }
    }

    /// A run, as the graph shows it.
    public struct RunNode: Hashable, Sendable {
        public let id: RunID
        public let name: String
        public let project: String
        public let jobType: String
        public let state: RunState
        public let created: Date

        public init(
            id: RunID, name: String, project: String, jobType: String, state: RunState, created: Date
        ) {
            self.id = id
            self.name = name
            self.project = project
            self.jobType = jobType
            self.state = state
            self.created = created
        }
    }

    /// The identity of a node.
    public enum NodeID: Hashable, Sendable {
        case version(CommitID)
        case run(RunID)
    }

    /// One link, in the direction in which data flows.
    public struct Edge: Hashable, Sendable {
        public let from: NodeID
        public let to: NodeID

        public init(from: NodeID, to: NodeID) {
            self.from = from
            self.to = to
        }
    }

    /// Sorted by name.
    public let versions: [VersionNode]
    /// Sorted by time of creation, then ID.
    public let runs: [RunNode]
    /// Without repetition; both ends are nodes of the graph.
    public let edges: [Edge]

    public init(versions: [VersionNode], runs: [RunNode], edges: [Edge]) {
        self.versions = versions.sorted { ($0.name, $0.commitID) < ($1.name, $1.commitID) }
        self.runs = runs.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
        self.edges = edges
    }
}
