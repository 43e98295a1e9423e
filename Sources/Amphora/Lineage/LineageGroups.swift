public import AmphoraObjects

/// The lineage graph at a glance: one node for each artifact type and one for each job type.
///
/// Unlike the graph of versions and runs it has cycles as a rule: a job that makes a dataset of a dataset
/// leads from `dataset` back to it.
public struct LineageGroups: Hashable, Sendable {
    /// All artifacts of one type.
    public struct ArtifactTypeGroup: Hashable, Sendable {
        public let type: ArtifactType
        public let artifactCount: Int
        public let versionCount: Int
        /// The group's identity.
        public var id: GroupID { .artifactType(type) }
    }

    /// All runs of one job type.
    public struct JobTypeGroup: Hashable, Sendable {
        public let jobType: String
        public let runCount: Int
        /// The group's identity.
        public var id: GroupID { .jobType(jobType) }
    }

    /// The identity of a group.
    public enum GroupID: Hashable, Sendable {
        case artifactType(ArtifactType)
        case jobType(String)
    }

    /// All links between two groups that lead one way.
    public struct Edge: Hashable, Sendable {
        public let from: GroupID
        public let to: GroupID
        /// The number of single links between versions and runs.
        public let linkCount: Int
    }

    /// Sorted by name.
    public let artifactTypes: [ArtifactTypeGroup]
    /// In the order of their first runs, which is mostly that of the pipeline.
    public let jobTypes: [JobTypeGroup]
    /// In the order of the groups that they come from, then of those that they lead to.
    public let edges: [Edge]
}

extension LineageGraph {
    /// The graph with versions put together by artifact type, and runs by job type.
    public func grouped() -> LineageGroups {
        let artifactTypes = Dictionary(grouping: versions, by: \.type)
            .sorted { $0.key < $1.key }
            .map { type, versions in
                LineageGroups.ArtifactTypeGroup(
                    type: type, artifactCount: Set(versions.map(\.name.artifact)).count,
                    versionCount: versions.count)
            }
        let runCounts = runs.reduce(into: [:]) { $0[$1.jobType, default: 0] += 1 }
        var seen: Set<String> = []
        let jobTypes = runs.map(\.jobType).filter { seen.insert($0).inserted }
            .map { LineageGroups.JobTypeGroup(jobType: $0, runCount: runCounts[$0] ?? 0) }
        return LineageGroups(
            artifactTypes: artifactTypes, jobTypes: jobTypes,
            edges: groupedEdges(order: artifactTypes.map(\.id) + jobTypes.map(\.id)))
    }

    private func groupedEdges(order: [LineageGroups.GroupID]) -> [LineageGroups.Edge] {
        var groups: [NodeID: LineageGroups.GroupID] = [:]
        for version in versions { groups[.version(version.commitID)] = .artifactType(version.type) }
        for run in runs { groups[.run(run.id)] = .jobType(run.jobType) }

        let positions = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
        var counts: [[Int]: Int] = [:]
        for edge in edges {
            guard let from = groups[edge.from].flatMap({ positions[$0] }),
                let to = groups[edge.to].flatMap({ positions[$0] })
            else { continue }
            counts[[from, to], default: 0] += 1
        }
        return counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { LineageGroups.Edge(from: order[$0.key[0]], to: order[$0.key[1]], linkCount: $0.value) }
    }
}
