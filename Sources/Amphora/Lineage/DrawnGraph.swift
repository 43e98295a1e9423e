/// A lineage graph reduced to what a drawing shows, for formats that lay out graphs themselves.
public struct DrawnGraph: Sendable {
    struct Node: Sendable {
        enum Kind: Sendable { case version, run }
        enum Condition: Sendable { case normal, deleted, failed }

        /// Letters, digits and `_` only.
        let key: String
        let kind: Kind
        let condition: Condition
        /// Free of control characters, but not of anything else: each format has to quote.
        let lines: [String]
    }

    struct Edge: Sendable {
        let from: String
        let to: String
        let label: String?
    }

    let nodes: [Node]
    let edges: [Edge]

    /// Draws every version and every run.
    public init(_ graph: LineageGraph) {
        let versions = graph.versions.map {
            Node(
                key: LineageGraph.NodeID.version($0.commitID).key, kind: .version,
                condition: $0.isDeleted ? .deleted : .normal, lines: $0.lines)
        }
        let runs = graph.runs.map {
            Node(
                key: LineageGraph.NodeID.run($0.id).key, kind: .run,
                condition: [.failed, .crashed].contains($0.state) ? .failed : .normal, lines: $0.lines)
        }
        nodes = versions + runs
        edges = Adjacency(graph).sortedEdges.map { Edge(from: $0.key, to: $1.key, label: nil) }
    }

    /// Draws every artifact type and every job type, with the number of links on each edge.
    public init(_ groups: LineageGroups) {
        let types = groups.artifactTypes.map {
            Node(key: $0.id.key, kind: .version, condition: .normal, lines: $0.lines)
        }
        let jobs = groups.jobTypes.map {
            Node(key: $0.id.key, kind: .run, condition: .normal, lines: $0.lines)
        }
        nodes = types + jobs
        edges = groups.edges.map { Edge(from: $0.from.key, to: $0.to.key, label: "\($0.linkCount)") }
    }
}

extension Adjacency {
    /// All edges, by the order of the nodes they come from, then of those they lead to.
    var sortedEdges: [(from: Node, to: Node)] {
        successors.enumerated().flatMap { from, list in list.map { (nodes[from], nodes[$0]) } }
    }
}
