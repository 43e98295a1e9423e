import Amphora

extension Graph {
    /// Fewer of a family than this stay by themselves.
    private static let smallestFold = 4
    /// A chain with fewer nodes inside stays as it is.
    private static let shortestChain = 6
    /// More nodes than that can neither be laid out while somebody waits, nor read.
    static let sizeLimit = 250
    /// What stands for more than that leads to a table of it, since it cannot be opened.
    private static let openLimit = 100

    /// The graph with the inside of long chains put together, and what is alike.
    ///
    /// Nodes are alike that are of one family and have the same kinds of neighbours, which have the same kinds of
    /// neighbours, and so on: a hundred runs of one job on one dataset, and the hundred models they made.
    ///
    /// Of a large graph they need to have the same neighbours only as far as the result stays small.
    ///
    /// - Parameters:
    ///   - opened: By what nodes that the reader has opened are opened (`foldKey`): what was in them stays apart.
    ///   - limit: How many nodes are few enough.
    /// - Returns: A graph in which nodes that stand for several have a `count`, and the key of their first; `nil` if
    ///   it would still be too large.
    /// - Complexity: O(rounds × (nodes + edges) log nodes), with at most 16 rounds.
    func folded(opened: Set<String> = [], limit: Int = sizeLimit) -> Graph? {
        shorteningChains(opened).mergingAlike(opened, limit)
    }

    private func mergingAlike(_ opened: Set<String>, _ limit: Int) -> Graph? {
        guard let members = classes(opened, limit) else { return nil }
        var target = Array(nodes.indices)
        var folds: [Int: Node] = [:]
        for alike in members where alike.count >= Self.smallestFold {
            let first = alike[0]
            guard !opened.contains(foldKey(alike)) else { continue }
            for node in alike { target[node] = first }
            folds[first] = fold(alike)
        }
        return mapped(to: target, folds)
    }

    /// The nodes, those together that are alike: as finely told apart as the limit allows.
    private func classes(_ opened: Set<String>, _ limit: Int) -> [[Int]]? {
        var numbers: [String: Int] = [:]
        var colours = nodes.map { node in
            // What the reader asks about is like nothing else, and what is wrong is not hidden among what is right.
            let family = node.isCentre ? node.key : "\(node.family) \(node.condition?.rawValue ?? "")"
            let number = numbers[family] ?? numbers.count
            numbers[family] = number
            return number
        }
        var classes = Self.classes(of: colours)
        guard foldedCount(classes, opened) <= limit else { return nil }
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
            let finer = Self.classes(of: colours)
            if finer.count == classes.count || foldedCount(finer, opened) > limit { break }
            classes = finer
        }
        return classes
    }

    private static func classes(of colours: [Int]) -> [[Int]] {
        var classes = Array(repeating: [Int](), count: (colours.max() ?? -1) + 1)
        for (node, colour) in colours.enumerated() { classes[colour].append(node) }
        return classes
    }

    /// How many nodes are left when classes are put together.
    private func foldedCount(_ classes: [[Int]], _ opened: Set<String>) -> Int {
        classes.reduce(0) { sum, alike in
            let isFolded = alike.count >= Self.smallestFold && !opened.contains(foldKey(alike))
            return sum + (isFolded ? 1 : alike.count)
        }
    }

    /// By what a class is opened: chains of one length together, so that they stay apart when one of them is opened.
    private func foldKey(_ alike: [Int]) -> String {
        let first = nodes[alike[0]]
        return first.isChain ? "chains_\(first.count)" : first.key
    }

    private func fold(_ alike: [Int]) -> Node {
        let first = nodes[alike[0]]
        let last = nodes[alike[alike.count - 1]]
        let count = alike.reduce(0) { $0 + nodes[$1].count }
        let lines =
            first.isChain
            ? ["\(Format.number(alike.count)) times", first.lines[0]]
            : first.kind == .version
                ? [
                    Format.count(count, "version"),
                    "\(first.lines[0]) … \(last.lines[0].drop { $0 != ":" }.dropFirst())",
                ]
                : [Format.count(count, "run"), first.lines[0]]
        let isLarge = count > Self.openLimit && !first.isChain
        return Node(
            key: first.key, foldKey: foldKey(alike), kind: first.kind, lines: lines,
            place: isLarge ? first.table?.place : nil,
            query: first.table?.query ?? Query(), detail: "\(lines.joined(separator: ": ")). Open",
            condition: first.condition, count: count, family: first.family)
    }

    private func shorteningChains(_ opened: Set<String>) -> Graph {
        var into = Array(repeating: [Int](), count: nodes.count)
        var out = into
        for edge in edges where edge.from != edge.to {
            into[edge.to].append(edge.from)
            out[edge.from].append(edge.to)
        }
        let isInside = nodes.indices.map { index in
            let node = nodes[index]
            return into[index].count == 1 && out[index].count == 1
                && !node.isCentre && node.condition == nil
        }
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
            let key = "chain_\(nodes[first].key)"
            guard !opened.contains(key) else { continue }
            for node in middle { target[node] = first }
            let count = middle.reduce(0) { $0 + nodes[$1].count }
            let lines = [Format.count(count, "step"), "in a row"]
            folds[first] = Node(
                key: nodes[first].key, foldKey: key, kind: nodes[first].kind, lines: lines, place: nil,
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

extension Graph.Node {
    fileprivate var isChain: Bool { family.hasPrefix("chain ") }

    /// Where all of its family are listed.
    fileprivate var table: (place: Place, query: Query)? {
        switch place {
        case .version(let name, _)?: (.artifact(name.artifact), Query())
        case .artifact?: place.map { ($0, Query()) }
        case .run?: (.runs, Query().with(["q": "type=\"\(family.dropFirst(2))\""]))
        default: nil
        }
    }
}
