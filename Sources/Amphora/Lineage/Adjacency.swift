/// A graph with its nodes numbered and the links of each at hand.
///
/// Lists of neighbours are in the order of `nodes`, so that what is drawn from them does not depend on the
/// order of the edges.
struct Adjacency<Node: Hashable> {
    let nodes: [Node]
    let positions: [Node: Int]
    let successors: [[Int]]
    let predecessors: [[Int]]

    /// - Parameters:
    ///   - nodes: Of a node that is repeated only the first gets edges: a store that someone tampered with
    ///     may call one commit by two names.
    ///   - edges: Those with an end that is not among `nodes` are left out.
    /// - Complexity: O(nodes + edges).
    init(nodes: [Node], edges: some Sequence<(from: Node, to: Node)>) {
        let positions = Dictionary(zip(nodes, nodes.indices)) { first, _ in first }
        var unsorted = [[Int]](repeating: [], count: nodes.count)
        for edge in edges {
            guard let from = positions[edge.from], let to = positions[edge.to] else { continue }
            unsorted[from].append(to)
        }
        self.nodes = nodes
        self.positions = positions
        predecessors = Self.transposed(unsorted)
        successors = Self.transposed(predecessors)
    }

    /// The lists turned round, each in ascending order.
    private static func transposed(_ lists: [[Int]]) -> [[Int]] {
        var result = [[Int]](repeating: [], count: lists.count)
        for (from, list) in lists.enumerated() {
            for to in list { result[to].append(from) }
        }
        return result
    }

    /// The neighbours of every node in one direction.
    func neighbours(_ direction: LineageDirection) -> [[Int]] { direction == .up ? predecessors : successors }

    /// Marks the nodes that can be reached from `starts`, which are among them.
    ///
    /// - Parameters:
    ///   - isReached: A flag for each node. No way is followed through those that are marked already.
    ///   - starts: Where to begin.
    ///   - direction: Which way to go.
    ///   - depth: The most edges to cross, or `nil` for any number.
    func mark(
        _ isReached: inout [Bool], from starts: [Int], _ direction: LineageDirection, depth: Int? = nil
    ) {
        let neighbours = neighbours(direction)
        var frontier = starts
        var level = 0
        while !frontier.isEmpty {
            var next: [Int] = []
            for node in frontier where !isReached[node] {
                isReached[node] = true
                next += neighbours[node]
            }
            guard level < depth ?? .max else { return }
            level += 1
            frontier = next
        }
    }
}

extension Adjacency<LineageGraph.NodeID> {
    /// Versions first, then runs, each in the graph's order.
    init(_ graph: LineageGraph) {
        self.init(
            nodes: graph.versions.map { .version($0.commitID) } + graph.runs.map { .run($0.id) },
            edges: graph.edges.lazy.map { ($0.from, $0.to) })
    }
}

extension Adjacency<LineageGroups.GroupID> {
    /// Artifact types first, then job types, each in the order of `groups`.
    init(_ groups: LineageGroups) {
        self.init(
            nodes: groups.artifactTypes.map(\.id) + groups.jobTypes.map(\.id),
            edges: groups.edges.lazy.map { ($0.from, $0.to) })
    }
}
