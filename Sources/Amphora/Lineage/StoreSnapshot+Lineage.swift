import AmphoraObjects

extension StoreSnapshot {
    /// The graph of all versions and runs, as ``Store/lineage()`` has it.
    public var lineage: LineageGraph {
        let aliases = Dictionary(grouping: aliases, by: \.target)
        let conflicts = Dictionary(grouping: conflicts, by: \.artifact)
        var nodes: [CommitID: LineageGraph.VersionNode] = [:]
        for version in versions {
            let names = (aliases[version.commitID] ?? []).filter { $0.artifact == version.name.artifact }
                .map(\.alias)
            nodes[version.commitID] = LineageGraph.VersionNode(
                commitID: version.commitID, name: version.name, type: version.type, aliases: names,
                byteCount: version.byteCount, isDeleted: false,
                conflicts: (conflicts[version.name.artifact] ?? []).filter { names.contains($0.alias) })
        }
        let linked = Set(runs.lazy.flatMap(\.links).map(\.commitID))
        for tombstone in tombstones
        where linked.contains(tombstone.deletedID) && nodes[tombstone.deletedID] == nil {
            nodes[tombstone.deletedID] = LineageGraph.VersionNode(
                commitID: tombstone.deletedID, name: tombstone.name, type: tombstone.type, aliases: [],
                byteCount: 0, isDeleted: true)
        }
        var edges: [LineageGraph.Edge] = []
        for run in runs {
            for link in run.links where nodes[link.commitID] != nil {
                if link.role.isInput { edges.append(.init(from: .version(link.commitID), to: .run(run.id))) }
                if link.role.isOutput { edges.append(.init(from: .run(run.id), to: .version(link.commitID))) }
            }
        }
        return LineageGraph(
            versions: Array(nodes.values),
            runs: runs.map { run in
                LineageGraph.RunNode(
                    id: run.id, name: run.record.name, project: run.record.project,
                    jobType: run.record.jobType, state: run.state, created: run.record.created)
            }, edges: edges)
    }
}
