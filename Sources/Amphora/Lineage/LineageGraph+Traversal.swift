extension LineageGraph {
    /// Takes out the part of the graph that `starts` came from, led to, or both.
    ///
    /// With both directions it is ancestors and descendants, not what else the ancestors led to. All links
    /// between the nodes that are kept are kept.
    ///
    /// - Parameters:
    ///   - starts: Where to begin. Those that the graph does not have are left out.
    ///   - directions: Which ways to go. With none, only `starts` are kept.
    ///   - depth: The most links to cross in each direction, or `nil` for any number.
    /// - Returns: The graph of those nodes.
    /// - Complexity: O(nodes + links) of the whole graph. Cycles are no harm.
    public func around(
        _ starts: [NodeID], directions: Set<LineageDirection>, depth: Int? = nil
    ) -> LineageGraph {
        let adjacency = Adjacency(self)
        let starts = starts.compactMap { adjacency.positions[$0] }
        var isKept = [Bool](repeating: false, count: adjacency.nodes.count)
        for start in starts { isKept[start] = true }
        for direction in directions {
            var isReached = [Bool](repeating: false, count: isKept.count)
            adjacency.mark(&isReached, from: starts, direction, depth: depth)
            for (node, isReached) in isReached.enumerated() where isReached { isKept[node] = true }
        }
        let has = { (node: NodeID) in adjacency.positions[node].map { isKept[$0] } ?? false }
        return LineageGraph(
            versions: versions.filter { has(.version($0.commitID)) }, runs: runs.filter { has(.run($0.id)) },
            edges: edges.filter { has($0.from) && has($0.to) })
    }
}
