/// Where the nodes and edges of a graph are, as Graphviz has placed them.
///
/// In points, `y` downwards.
struct GraphLayout: Sendable {
    struct Box: Sendable {
        let x: Double
        let y: Double
        let width: Double
        let height: Double
    }

    struct Curve: Sendable {
        let edge: Int
        /// The first point, then three for each piece of a Bézier curve.
        let points: [(x: Double, y: Double)]
        /// Where the edge's label stands, if it has one.
        let label: (x: Double, y: Double)?
    }

    private(set) var width = 0.0
    private(set) var height = 0.0
    /// By positions of nodes; centres.
    private(set) var boxes: [Int: Box] = [:]
    private(set) var curves: [Curve] = []

    /// The graph in Graphviz' language: nodes are called by their positions, and are as large as their words.
    static func dot(of graph: Graph) -> String {
        var text = """
            digraph lineage {
              rankdir=LR; nodesep=0.14; ranksep=0.42; splines=true;
              node [shape=box, fixedsize=true, label=""];
              edge [arrowhead=none];

            """
        for (index, node) in graph.nodes.enumerated() {
            // Wider than letters are on the average; in inches.
            let length = node.lines.map(\.count).max() ?? 1
            let width = (Double(min(length, maximumLength)) * 3.6 + 13).rounded() / 36
            text += "  \(index) [width=\(width), height=\(38.0 / 72)];\n"
        }
        for (index, edge) in graph.edges.enumerated() {
            // As wide as the number, and the same while that counts up.
            let label = edge.label.map { ", label=\"\(String(repeating: "0", count: $0.count))\"" } ?? ""
            text += "  \(edge.from) -> \(edge.to) [id=\"\(index)\"\(label)];\n"
        }
        return text + "}\n"
    }

    /// Longer words are cut.
    static let maximumLength = 34

    /// - Parameters:
    ///   - plain: What `dot -Tplain` writes of ``dot(of:)``.
    ///   - graph: The same graph.
    init(plain: String, _ graph: Graph) {
        var pending: [[Int]: [Int]] = [:]
        for (index, edge) in graph.edges.enumerated().reversed() {
            pending[[edge.from, edge.to], default: []].append(index)
        }
        for line in plain.split(separator: "\n") {
            let words = line.split(separator: " ")
            func number(_ index: Int) -> Double {
                words.indices.contains(index) ? Double(words[index]) ?? 0 : 0
            }
            func place(_ index: Int) -> (x: Double, y: Double) {
                (number(index) * 72, height - number(index + 1) * 72)
            }
            switch words.first {
            case "graph":
                width = number(2) * 72
                height = number(3) * 72
            case "node":
                let (x, y) = place(2)
                boxes[Int(number(1))] = Box(x: x, y: y, width: number(4) * 72, height: number(5) * 72)
            case "edge":
                guard let index = pending[[Int(number(1)), Int(number(2))]]?.popLast() else { continue }
                let count = max(0, min(Int(number(3)), words.count))
                let end = 4 + 2 * count
                let hasLabel = graph.edges[index].label != nil && words.count >= end + 3
                curves.append(
                    Curve(
                        edge: index, points: (0..<count).map { place(4 + 2 * $0) },
                        label: hasLabel ? place(end + 1) : nil))
            default: break
            }
        }
    }
}
