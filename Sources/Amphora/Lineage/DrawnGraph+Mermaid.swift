extension DrawnGraph {
    /// The drawing in the language of Mermaid, which GitHub and GitLab show as a picture in Markdown.
    public var mermaid: String {
        var text = """
            flowchart LR
              classDef version fill:#dbeafe,stroke:#4b5563,color:#111827
              classDef run fill:#fef3c7,stroke:#4b5563,color:#111827
              classDef deleted stroke:#9ca3af,stroke-dasharray:4 3
              classDef failed stroke:#b91c1c,stroke-width:2.5px

            """
        for node in nodes {
            let label = node.lines.map(Self.mermaidEscaped).joined(separator: "<br/>")
            let shape = node.kind == .version ? "(\"\(label)\")" : "([\"\(label)\"])"
            text += "  \(node.key)\(shape):::\(node.kind == .version ? "version" : "run")\n"
            switch node.condition {
            case .normal: break
            case .deleted: text += "  class \(node.key) deleted\n"
            case .failed: text += "  class \(node.key) failed\n"
            }
        }
        for edge in edges {
            let label = edge.label.map { "|\"\(Self.mermaidEscaped($0))\"|" } ?? ""
            text += "  \(edge.from) -->\(label) \(edge.to)\n"
        }
        return text
    }

    /// Text for between double quotes: punctuation that could mean something as `#` and a number.
    ///
    /// The colon too: Mermaid takes `style…:…#…;` for CSS, in labels as well, and drops the semicolon.
    private static func mermaidEscaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "A"..."Z", "a"..."z", "0"..."9", " ", ".", ",", "-", "_":
                result.unicodeScalars.append(scalar)
            case _ where scalar.isASCII: result += "#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
