import Amphora

/// The picture of a graph: versions are boxes, runs have round ends; what stands for several has a second outline.
struct GraphDrawing {
    let graph: Graph
    let layout: GraphLayout
    /// Where a click on a node that stands for several leads.
    let open: (Graph.Node) -> String

    private static let margin = 12.0

    /// What is the same in all nodes, or all edges, is said once, or by the style sheet: of hundreds every word counts.
    func picture(_ links: Links) -> GraphPicture {
        let width = (layout.width + 2 * Self.margin).plain
        let height = (layout.height + 2 * Self.margin).plain
        let margin = (-Self.margin).plain
        let ends = layout.curves.map { "\(graph.edges[$0.edge].from) \(graph.edges[$0.edge].to)" }
        let nodes = graph.nodes.indices.map { drawn(graph.nodes[$0], layout.boxes[$0] ?? .nowhere, links) }
        let svg = """
            <svg class="graph" xmlns="http://www.w3.org/2000/svg" role="group" aria-label="Lineage" \
            width="\(width)" height="\(height)" viewBox="\(margin) \(margin) \(width) \(height)">\
            <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">\
            <path d="M0 0 8 4 0 8z" fill="#888" class="tip"/></marker></defs>\
            <g class="edges" fill="none" stroke="#888" marker-end="url(#tip)" data-ends="\(ends.joined(separator: " "))">\
            \(layout.curves.map { "<path d=\"\($0.path)\"/>" }.joined())</g>\
            <g class="counts" fill="#888" font-size="10" text-anchor="middle">\(layout.curves.map(count).joined())</g>\
            <g fill="none" stroke="#888" font-size="12" text-anchor="middle">\(nodes.joined())</g></svg>
            """
        return GraphPicture(svg: svg, legend: legend)
    }

    /// What there is in it, and nothing else.
    private var legend: [GraphPicture.Key] {
        let kinds: [Graph.Node.Kind] = [.version, .run]
        let conditions: [Graph.Node.Condition?] = [nil, .deleted, .failed, .running]
        var keys: [GraphPicture.Key] = []
        for kind in kinds {
            for condition in conditions
            where graph.nodes.contains(where: { $0.kind == kind && $0.condition == condition }) {
                let title = condition?.rawValue ?? (graph.isOfTypes ? kind.typeTitle : kind.rawValue)
                let shape = [kind.rawValue, condition?.rawValue].compactMap(\.self).joined(separator: " ")
                keys.append(.init(shape: shape, title: title))
            }
        }
        if graph.nodes.contains(where: { $0.count > 1 }) {
            keys.append(.init(shape: "fold", title: "several, click to open"))
        }
        return keys
    }

    private func count(_ curve: GraphLayout.Curve) -> String {
        guard let count = graph.edges[curve.edge].label, let place = curve.label else { return "" }
        return "<text x=\"\(place.x.plain)\" y=\"\((place.y + 3).plain)\">\(Markup.escape(count))</text>"
    }

    private func drawn(_ node: Graph.Node, _ box: GraphLayout.Box, _ links: Links) -> String {
        var classes = ["node", node.kind.rawValue]
        if node.count > 1 { classes.append("fold") }
        if let condition = node.condition { classes.append(condition.rawValue) }
        if node.isCentre { classes.append("centre") }
        let address = node.place.map { links($0, node.query) } ?? (node.count > 1 ? open(node) : "")
        let radius = node.kind == .run ? box.height / 2 : 5
        let shapes = (node.count > 1 ? rectangle(box, radius, offset: 3) : "") + rectangle(box, radius)
        let lines = node.lines.prefix(2).enumerated().map { index, line in
            let line = index == 0 ? "\(node.condition?.sign ?? "")\(line)" : line
            let text = line.count > Self.limit ? line.prefix(Self.limit - 1) + "…" : line[...]
            let y = node.lines.count > 1 ? [-3, 11][index] : 4
            return "<text y=\"\(y)\">\(Markup.escape(String(text)))</text>"
        }
        return """
            <a id="\(node.key)" class="\(classes.joined(separator: " "))" href="\(Markup.escape(address))" \
            transform="translate(\(box.x.plain) \(box.y.plain))"><title>\(Markup.escape(title(of: node)))</title>\
            \(shapes)\(lines.joined())</a>
            """
    }

    private static let limit = GraphLayout.maximumLength

    /// What screen readers say, and shows under the pointer; searched, too, so it has whatever is cut.
    private func title(of node: Graph.Node) -> String {
        let detail = node.detail.isEmpty ? node.lines.joined(separator: ", ") : node.detail
        let cut = node.lines.filter { $0.count > Self.limit && !detail.contains($0) }
        let kind = node.count > 1 ? [] : [node.kind.rawValue]
        return (kind + [([detail] + cut).joined(separator: ", ")]).joined(separator: " ")
    }

    /// Around the node's place.
    private func rectangle(_ box: GraphLayout.Box, _ radius: Double, offset: Double = 0) -> String {
        """
        <rect x="\((offset - box.width / 2).plain)" y="\((offset - box.height / 2).plain)" \
        width="\(box.width.plain)" height="\(box.height.plain)" rx="\(radius.plain)"/>
        """
    }
}

extension GraphLayout.Box {
    fileprivate static let nowhere = Self(x: 0, y: 0, width: 0, height: 0)
}

extension GraphLayout.Curve {
    /// As SVG has it: from point to point, which is shorter than where they are.
    fileprivate var path: String {
        // Of what is drawn, so that what is rounded off does not add up.
        let points = points.map { (x: ($0.x * 10).rounded() / 10, y: ($0.y * 10).rounded() / 10) }
        guard var start = points.first else { return "" }
        var numbers: [String] = []
        for (index, point) in points.enumerated().dropFirst() {
            numbers += [(point.x - start.x).plain, (point.y - start.y).plain]
            if index % 3 == 0 { start = point }
        }
        // A sign is enough between two of them.
        let curves = numbers.map { $0.hasPrefix("-") ? $0 : " \($0)" }.joined()
        return "M\(points[0].x.plain) \(points[0].y.plain)c\(curves.drop { $0 == " " })"
    }
}
