/// Writes a directed graph as indented trees.
///
/// A node with children is expanded where it first appears; later it is one line that ends in `…`. A node
/// that lies too deep to be indented ends in `… continued below`, and its tree begins at the margin again. So
/// the text grows with nodes and edges only, however deep the graph, and cycles end.
struct TextForest {
    /// How many levels a tree has at most.
    static let maximumLevelCount = 24

    /// The text so far, every line with a newline.
    private(set) var text = ""
    private let labels: [String]
    private let children: [[Int]]
    private var isExpanded: [Bool]

    /// - Parameters:
    ///   - labels: One line for each node.
    ///   - children: The nodes below each node, in order.
    init(labels: [String], children: [[Int]]) {
        self.labels = labels
        self.children = children
        isExpanded = [Bool](repeating: false, count: labels.count)
    }

    /// Writes the tree below `root`, and the trees that continue it.
    mutating func add(_ root: Int) {
        var roots = [root]
        var next = 0
        while next < roots.count {
            addTree(roots[next], continuations: &roots)
            next += 1
        }
    }

    private struct Line {
        let node: Int
        let level: Int
        let isLast: Bool
        /// What stands before the connectors of the node's siblings.
        let prefix: String

        var connector: String { level == 0 ? "" : isLast ? "└─ " : "├─ " }
        var childPrefix: String { level == 0 ? "" : prefix + (isLast ? "   " : "│  ") }
    }

    private mutating func addTree(_ root: Int, continuations: inout [Int]) {
        guard !isExpanded[root] else { return }
        var stack = [Line(node: root, level: 0, isLast: true, prefix: "")]
        while let line = stack.popLast() {
            let children = children[line.node]
            let isBelow = line.level == Self.maximumLevelCount && !children.isEmpty
            let isCut = !children.isEmpty && (isBelow || isExpanded[line.node])
            let ending = !isCut ? "" : isExpanded[line.node] ? " …" : " … continued below"
            text += line.prefix + line.connector + labels[line.node] + ending + "\n"
            guard !isCut else {
                if !isExpanded[line.node] { continuations.append(line.node) }
                continue
            }
            isExpanded[line.node] = true
            let prefix = line.childPrefix
            for (offset, child) in children.enumerated().reversed() {
                stack.append(
                    Line(
                        node: child, level: line.level + 1, isLast: offset == children.count - 1,
                        prefix: prefix))
            }
        }
    }
}
