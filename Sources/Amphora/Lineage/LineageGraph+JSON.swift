public import AmphoraObjects
import FoundationEssentials

extension LineageGraph {
    /// The graph as JSON, for other programs: `nodes` and `edges`, sorted.
    ///
    /// Fields are only ever added.
    public var json: JSONValue {
        [
            "nodes": .array(versions.map(\.json) + runs.map(\.json)),
            "edges": .array(
                Adjacency(self).sortedEdges.map { from, to in
                    [
                        "from": .string(from.key), "to": .string(to.key),
                        "role": Edge(from: from, to: to).isOutput ? "output" : "input",
                    ]
                }),
        ]
    }
}

extension LineageGraph.VersionNode {
    fileprivate var json: JSONValue {
        [
            "id": .string(LineageGraph.NodeID.version(commitID).key), "kind": "version",
            "commit": .string("\(commitID)"), "name": .string("\(name)"),
            "artifact": .string(name.artifact.rawValue), "version": .string("\(name.number)"),
            "type": .string(type.rawValue), "size": .int(Int64(byteCount)), "deleted": .bool(isDeleted),
            "aliases": .array(aliases.sorted().map { .string($0.rawValue) }),
            "conflicts": .array(
                conflicts.map {
                    [
                        "alias": .string($0.alias.rawValue), "remote": .string($0.remote),
                        "commit": .string("\($0.target)"),
                    ]
                }),
        ]
    }
}

extension LineageGraph.RunNode {
    fileprivate var json: JSONValue {
        [
            "id": .string(LineageGraph.NodeID.run(id).key), "kind": "run", "run": .string(id.rawValue),
            "name": .string(name), "project": .string(project), "job_type": .string(jobType),
            "state": .string(state.rawValue), "created_at": .string(Timestamp.text(created)),
        ]
    }
}
