import Amphora

extension Page {
    /// What was made of what: the whole store, or what is around one node.
    static func lineage(_ view: Place.LineageView, _ context: PageContext) throws -> Page {
        let place = Place.lineage(view)
        let around = try context.query["around"].map { try context.store.lineageNode($0) }
        let lineage = try around.map(context.surroundings) ?? context.memory.lineage(context.catalogue)
        var page = Page(
            title: "Lineage", template: .lineage, section: .lineage,
            model: [
                "views": Place.LineageView.allCases.map { other in
                    [
                        "title": other.title, "href": context.links(.lineage(other), context.query),
                        "isCurrent": other == view,
                    ] as Model
                },
                "isLive": context.links.isLive, "address": context.links(place),
                "around": context.query["around"] ?? "",
                "isEmpty": lineage.versions.isEmpty && lineage.runs.isEmpty,
            ])
        try page.show(lineage, view, at: place, centre: around, context)
        return page
    }

    /// Adds a graph to a page, as the view has it.
    mutating func show(
        _ lineage: LineageGraph, _ view: Place.LineageView, at place: Place, centre: LineageGraph.NodeID?,
        _ context: PageContext
    ) throws {
        if centre != nil {
            let direction = context.query["direction"] ?? ""
            model["hasCentre"] = true
            model["directions"] = [
                ("", "Both ways"), ("up", "What it came from"), ("down", "What it led to"),
            ]
            .map { key, title in
                [
                    "title": title, "isCurrent": key == direction,
                    "href": context.links(place, context.query.with(["direction": key])),
                ] as Model
            }
            let depth = context.query["depth"]
            model["depths"] = [("", "All"), ("1", "1"), ("2", "2"), ("4", "4"), ("8", "8")].map {
                key, title in
                [
                    "title": title, "isCurrent": key == depth ?? "",
                    "href": context.links(place, context.query.with(["depth": key])),
                ] as Model
            }
        }
        let list: @Sendable () throws -> Model = {
            if view == .grouped { return ["list": LineageText.render(lineage.grouped())] }
            let steps = centre == nil ? context.memory.steps(context.catalogue) : LineageSteps(lineage)
            return ["steps": try steps.table().model(at: place, context)]
        }
        guard view != .list, !(lineage.versions.isEmpty && lineage.runs.isEmpty) else {
            model.merge(try list()) { $1 }
            return
        }
        let graph = drawable(lineage, view, centre, context)
        let links = context.links
        let query = context.query
        if query["open"] != nil { model["foldHref"] = links(place, query.with(["open": nil])) }
        drawing = Drawing(graph: { graph }, list: list) { graph, layout in
            GraphDrawing(graph: graph, layout: layout) { node in
                let opened =
                    links.isLive
                    ? links(place, query.adding("open", node.foldKey ?? node.key))
                    : links(.lineage(.unfolded))
                return "\(opened)#\(node.key)"
            }.picture(links)
        }
    }

    /// The most nodes that are drawn one by one.
    private static let unfoldedLimit = 2000

    /// The graph as the view has it, or by types if it is too large.
    private mutating func drawable(
        _ lineage: LineageGraph, _ view: Place.LineageView, _ centre: LineageGraph.NodeID?,
        _ context: PageContext
    ) -> Graph {
        guard view != .grouped else { return Graph(lineage.grouped()) }
        let opened = Set(context.query.all("open"))
        let count = lineage.versions.count + lineage.runs.count
        let graph: Graph? =
            if view == .unfolded {
                count <= Self.unfoldedLimit ? Graph(lineage, centre: centre) : nil
            } else if centre == nil {
                context.memory.folded(context.catalogue, opened: opened)
            } else {
                Graph(lineage, centre: centre).folded(opened: opened)
            }
        if let graph { return graph }
        model["notice"] =
            "These are \(Format.number(count)) versions and runs, too many to be drawn one by one: "
            + "here they are put together by type. What is around one of them is drawn on its own page."
        return Graph(lineage.grouped())
    }
}

extension PageContext {
    /// What a node came from and led to, or one of both.
    func surroundings(of centre: LineageGraph.NodeID) throws -> LineageGraph {
        let directions: Set<LineageDirection> =
            switch try query.word("direction", of: ["up", "down"]) {
            case "up": [.up]
            case "down": [.down]
            default: [.up, .down]
            }
        return try store.lineage(
            around: [centre], directions: directions, depth: query.number("depth", in: 0...Int.max))
    }
}
