extension DrawnGraph {
    /// The drawing in Graphviz' language: `dot -Tsvg` turns it into a picture.
    ///
    /// The `title` of a node in an SVG is its key.
    public var dot: String {
        var text = """
            digraph lineage {
              rankdir=LR; bgcolor="transparent";
              node [fontname="sans-serif", fontsize=11, fontcolor="#111827", penwidth=1.2];
              edge [fontname="sans-serif", fontsize=10, fontcolor="#6b7280", color="#6b7280"];

            """
        for node in nodes {
            let label = node.lines.map(Self.dotEscaped).joined(separator: "\\n")
            text += "  \(node.key) [label=\"\(label)\", \(Self.dotStyle(of: node))];\n"
        }
        for edge in edges {
            let label = edge.label.map { " [label=\"\(Self.dotEscaped($0))\"]" } ?? ""
            text += "  \(edge.from) -> \(edge.to)\(label);\n"
        }
        return text + "}\n"
    }

    /// Shape and colour tell the kind, the outline (and the label) the condition: never colour alone.
    private static func dotStyle(of node: Node) -> String {
        let shape =
            switch node.kind {
            case .version: "shape=box, fillcolor=\"#dbeafe\""
            case .run: "shape=ellipse, fillcolor=\"#fef3c7\""
            }
        let corners = node.kind == .version ? "rounded,filled" : "filled"
        return switch node.condition {
        case .normal: "\(shape), style=\"\(corners)\", color=\"#4b5563\""
        case .deleted: "\(shape), style=\"\(corners),dashed\", color=\"#9ca3af\""
        case .failed: "\(shape), style=\"\(corners)\", color=\"#b91c1c\", penwidth=2.5"
        }
    }

    /// Text for between double quotes.
    ///
    /// Scalar by scalar, since a quote with an accent is one `Character` that is no quote. Graphviz reads `\N` and `&lt;` in labels, beside the `\"` that it reads everywhere.
    private static func dotEscaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "&": result += "&amp;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
