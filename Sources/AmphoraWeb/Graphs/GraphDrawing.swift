import Amphora

/// The picture of a graph: versions are boxes, runs have round ends; what stands for several has a second outline.
struct GraphDrawing {
    let graph: Graph
    let layout: GraphLayout
    /// Where a click on a node that stands for several leads.
    let open: (Graph.Node) -> String

    private static let margin = 12.0

    func svg(_ links: Links) -> String {
        let width = layout.width + 2 * Self.margin
        let height = layout.height + 2 * Self.margin
        var svg = """
            <svg class="graph" xmlns="http://www.w3.org/2000/svg" role="group" aria-label="Lineage" \
            width="\(width.plain)" height="\(height.plain)" \
            viewBox="\((-Self.margin).plain) \((-Self.margin).plain) \(width.plain) \(height.plain)">\
            <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
            <path d="M0 0 8 4 0 8z" fill="#888" class="tip"/></marker></defs>
            """
        for curve in layout.curves { svg += drawn(curve) }
        for (index, node) in graph.nodes.enumerated() {
            if let box = layout.boxes[index] { svg += drawn(node, box, links) }
        }
        return svg + "</svg>"
    }

    private func drawn(_ curve: GraphLayout.Curve) -> String {
        guard let first = curve.points.first else { return "" }
        let rest = curve.points.dropFirst().map { "\($0.x.plain),\($0.y.plain)" }.joined(separator: " ")
        let edge = graph.edges[curve.edge]
        var svg = """
            <path class="edge" fill="none" stroke="#888" marker-end="url(#tip)" data-from="\(graph.nodes[edge.from].key)" \
            data-to="\(graph.nodes[edge.to].key)" d="M\(first.x.plain),\(first.y.plain)C\(rest)"/>
            """
        if let label = edge.label, let place = curve.label {
            svg += """
                <text class="count" font-size="10" text-anchor="middle" x="\(place.x.plain)" y="\((place.y + 3).plain)">\
                \(Markup.escape(label))</text>
                """
        }
        return svg
    }

    private func drawn(_ node: Graph.Node, _ box: GraphLayout.Box, _ links: Links) -> String {
        var classes = ["node", node.kind.rawValue]
        if node.count > 1 { classes.append("fold") }
        if let condition = node.condition { classes.append(condition.rawValue) }
        if node.isCentre { classes.append("centre") }
        let address = node.place.map { links($0, node.query) } ?? (node.count > 1 ? open(node) : "")
        let detail = node.detail.isEmpty ? node.lines.joined(separator: ", ") : node.detail
        let radius = node.kind == .run ? box.height / 2 : 5
        var shapes = rectangle(box, radius, offset: 0)
        if node.count > 1 { shapes = rectangle(box, radius, offset: 3) + shapes }
        let words = node.lines.prefix(2).enumerated().map { index, line in
            let line = index == 0 ? "\(node.condition?.sign ?? "")\(line)" : line
            let text =
                line.count > GraphLayout.maximumLength
                ? line.prefix(GraphLayout.maximumLength - 1) + "…" : line[...]
            let y = box.y + (node.lines.count > 1 ? [-3, 11][index] : 4)
            return """
                <text class="line\(index)" font-size="\(index == 0 ? 12 : 10.5)" text-anchor="middle" x="\(box.x.plain)" \
                y="\(y.plain)">\(Markup.escape(String(text)))</text>
                """
        }
        return """
            <a id="\(node.key)" class="\(classes.joined(separator: " "))" href="\(Markup.escape(address))" \
            aria-label="\(node.kind.rawValue) \(Markup.escape(detail))" \
            data-text="\(Markup.escape(node.lines.joined(separator: " ").lowercased()))">\
            <title>\(Markup.escape(detail))</title>\(shapes)\(words.joined())</a>
            """
    }

    private func rectangle(_ box: GraphLayout.Box, _ radius: Double, offset: Double) -> String {
        """
        <rect x="\((box.x - box.width / 2 + offset).plain)" y="\((box.y - box.height / 2 + offset).plain)" \
        width="\(box.width.plain)" height="\(box.height.plain)" rx="\(radius.plain)" fill="#fff" stroke="#888"/>
        """
    }
}
