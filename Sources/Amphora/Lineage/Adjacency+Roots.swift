extension Adjacency {
    /// The fewest nodes from which every node can be reached.
    ///
    /// First those that nothing leads to, then one for each circle that nothing else leads to: its first. Both
    /// in order.
    ///
    /// - Complexity: O(nodes + edges).
    func roots(_ direction: LineageDirection) -> [Int] {
        let parents = neighbours(direction == .up ? .down : .up)
        let sources = nodes.indices.filter { parents[$0].isEmpty }
        var isReached = [Bool](repeating: false, count: nodes.count)
        mark(&isReached, from: sources, direction)
        guard isReached.contains(false) else { return sources }

        // Of the nodes not reached so far, the last that the search leaves is one that no other circle leads to.
        var entries: [Int] = []
        for node in postorder(direction).reversed() where !isReached[node] {
            entries.append(node)
            mark(&isReached, from: [node], direction)
        }
        return sources + entries.sorted()
    }

    /// All nodes in the order in which a depth-first search leaves them.
    private func postorder(_ direction: LineageDirection) -> [Int] {
        let children = neighbours(direction)
        var isEntered = [Bool](repeating: false, count: nodes.count)
        var nextChild = [Int](repeating: 0, count: nodes.count)
        var order: [Int] = []
        for start in nodes.indices where !isEntered[start] {
            isEntered[start] = true
            var path = [start]
            while let node = path.last {
                guard nextChild[node] < children[node].count else {
                    order.append(node)
                    path.removeLast()
                    continue
                }
                let child = children[node][nextChild[node]]
                nextChild[node] += 1
                guard !isEntered[child] else { continue }
                isEntered[child] = true
                path.append(child)
            }
        }
        return order
    }
}
