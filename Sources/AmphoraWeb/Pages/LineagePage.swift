import Amphora

extension Page {
    /// What was made of what: the whole store, or what is around one node.
    static func lineage(_ view: Place.LineageView, _ context: PageContext) throws -> Page {
        let place = Place.lineage(view)
        let around = try context.query["around"].map { try context.store.lineageNode($0) }
        let lineage = try context.lineage(around: around)
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
        page.show(lineage, view, at: place, centre: around, context)
        return page
    }

    /// Adds a graph to a page, as the view has it.
    mutating func show(
        _ lineage: LineageGraph, _ view: Place.LineageView, at place: Place, centre: LineageGraph.NodeID?,
        _ context: PageContext
    ) {
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
        if view == .grouped {
            model["list"] = LineageText.render(lineage.grouped())
        } else if view == .list || context.links.isLive {
            model["steps"] = LineageSteps(lineage).table().model(at: place, context)
        } else {
            // A table would have parts that no page leads to, if the picture can be drawn.
            model["list"] = LineageText.render(lineage)
        }
        guard view != .list, !(lineage.versions.isEmpty && lineage.runs.isEmpty) else { return }
        let graph =
            switch view {
            case .grouped: Graph(lineage.grouped())
            case .unfolded: Graph(lineage, centre: centre)
            default: Graph(lineage, centre: centre).folded(opened: Set(context.query.all("open")))
            }
        let links = context.links
        let query = context.query
        if query["open"] != nil { model["foldHref"] = links(place, query.with(["open": nil])) }
        drawing = Drawing(graph: graph) { layout in
            GraphDrawing(graph: graph, layout: layout) { node in
                let opened =
                    links.isLive ? links(place, query.adding("open", node.key)) : links(.lineage(.unfolded))
                return "\(opened)#\(node.key)"
            }.svg(links)
        }
    }
}

extension PageContext {
    /// The whole graph, or as much of it as the question asks for.
    fileprivate func lineage(around centre: LineageGraph.NodeID?) throws -> LineageGraph {
        guard let centre else { return try store.lineage() }
        return try surroundings(of: centre)
    }

    /// What a node came from and led to, or one of both.
    func surroundings(of centre: LineageGraph.NodeID) throws -> LineageGraph {
        let directions: Set<LineageDirection> =
            switch query["direction"] {
            case "up": [.up]
            case "down": [.down]
            default: [.up, .down]
            }
        return try store.lineage(
            around: [centre], directions: directions, depth: query.int("depth").map { max(0, $0) })
    }
}
