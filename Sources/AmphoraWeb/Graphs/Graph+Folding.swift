import Amphora

extension Graph {
    /// Fewer of a family than this stay by themselves.
    private static let smallestFold = 4
    /// A chain with fewer nodes inside stays as it is.
    private static let shortestChain = 6

    /// The graph with the inside of long chains put together, and what is alike.
    ///
    /// Nodes are alike that are of one family and have the same kinds of neighbours, which have the same kinds of
    /// neighbours, and so on: a hundred runs of one job on one dataset, and the hundred models they made.
    ///
    /// - Parameter opened: Keys of nodes that the reader has opened: what was in them stays apart.
    /// - Returns: A graph in which nodes that stand for several have a `count`, and the key of their first.
    /// - Complexity: O(rounds × (nodes + edges) log nodes), with at most 16 rounds.
    func folded(opened: Set<String> = []) -> Graph {
        shorteningChains(opened).mergingAlike(opened)
    }

    private func mergingAlike(_ opened: Set<String>) -> Graph {
        var members: [Int: [Int]] = [:]
        for (node, colour) in colours().enumerated() { members[colour, default: []].append(node) }
        var target = Array(nodes.indices)
        var folds: [Int: Node] = [:]
        for (_, alike) in members where alike.count >= Self.smallestFold {
            let first = alike[0]
            guard !opened.contains(nodes[first].key) else { continue }
            for node in alike { target[node] = first }
            folds[first] = fold(alike)
        }
        return mapped(to: target, folds)
    }

    /// A number for each node, the same for those that are alike.
    private func colours() -> [Int] {
        var numbers: [String: Int] = [:]
        var colours = nodes.map { node in
            // What the reader asks about is like nothing else, and what is wrong is not hidden among what is right.
            let family = node.isCentre ? node.key : "\(node.family) \(node.isFailed) \(node.isDeleted)"
            let number = numbers[family] ?? numbers.count
            numbers[family] = number
            return number
        }
        var count = numbers.count
        for _ in 0..<16 {
            var neighbours = colours.map { [[$0], [], []] }
            for edge in edges {
                neighbours[edge.from][1].append(colours[edge.to])
                neighbours[edge.to][2].append(colours[edge.from])
            }
            var seen: [[[Int]]: Int] = [:]
            colours = neighbours.map { lists in
                let sets = lists.map { Set($0).sorted() }
                let number = seen[sets] ?? seen.count
                seen[sets] = number
                return number
            }
            if seen.count == count { break }
            count = seen.count
        }
        return colours
    }

    private func fold(_ alike: [Int]) -> Node {
        let first = nodes[alike[0]]
        let last = nodes[alike[alike.count - 1]]
        let count = alike.reduce(0) { $0 + nodes[$1].count }
        let lines =
            first.family.hasPrefix("chain")
            ? ["\(Format.number(alike.count)) times", first.lines[0]]
            : first.kind == .version
                ? [
                    Format.count(count, "version"),
                    "\(first.lines[0]) … \(last.lines[0].drop { $0 != ":" }.dropFirst())",
                ]
                : [Format.count(count, "run"), first.lines[0]]
        return Node(
            key: first.key, kind: first.kind, lines: lines, place: nil,
            detail: "\(lines.joined(separator: ": ")). Open",
            isDeleted: first.isDeleted, isFailed: first.isFailed, count: count, family: first.family)
    }

    private func shorteningChains(_ opened: Set<String>) -> Graph {
        var into = Array(repeating: [Int](), count: nodes.count)
        var out = into
        for edge in edges where edge.from != edge.to {
            into[edge.to].append(edge.from)
            out[edge.from].append(edge.to)
        }
        let isInside = nodes.indices.map { into[$0].count == 1 && out[$0].count == 1 && !nodes[$0].isCentre }
        var target = Array(nodes.indices)
        var folds: [Int: Node] = [:]
        for start in nodes.indices where isInside[start] && !isInside[into[start][0]] {
            var chain = [start]
            while let next = out[chain[chain.count - 1]].first, isInside[next], next != start {
                chain.append(next)
            }
            guard chain.count >= Self.shortestChain else { continue }
            // The first and the last stay, to say what the chain is made of.
            let middle = chain.dropFirst().dropLast()
            let first = middle[middle.startIndex]
            guard !opened.contains(nodes[first].key) else { continue }
            for node in middle { target[node] = first }
            let count = middle.reduce(0) { $0 + nodes[$1].count }
            let lines = [Format.count(count, "step"), "in a row"]
            folds[first] = Node(
                key: nodes[first].key, kind: nodes[first].kind, lines: lines, place: nil,
                detail: "\(lines.joined(separator: " ")). Open",
                count: count, family: "chain \(count)")
        }
        return mapped(to: target, folds)
    }

    /// The graph in which each node is part of another, or itself.
    private func mapped(to target: [Int], _ folds: [Int: Node]) -> Graph {
        let kept = nodes.indices.filter { target[$0] == $0 }
        let positions = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        var result = self
        result.nodes = kept.map { folds[$0] ?? nodes[$0] }
        var seen: Set<Edge> = []
        result.edges = edges.compactMap { edge in
            guard let from = positions[target[edge.from]], let to = positions[target[edge.to]] else {
                return nil
            }
            // A chain leads to itself inside.
            guard from != to || target[edge.from] == edge.from && edge.from == edge.to else { return nil }
            let edge = Edge(from: from, to: to, label: edge.label)
            return seen.insert(edge).inserted ? edge : nil
        }
        return result
    }
}
