import Amphora

/// A page, before it is text.
struct Page: Sendable {
    /// What the window is called, without the project's name.
    let title: String
    let template: Template
    /// Which part of the site it belongs to, for the navigation.
    var section: Section?
    /// From the project down to this page's parent.
    var path: [Crumb] = []
    nonisolated(unsafe) var model: Model
    /// A graph in it, which is still to be laid out.
    var drawing: Drawing?

    /// Whether all of it is there; what is missing comes with the next look.
    private(set) var isWhole = true
    /// Why the graph could not be drawn.
    private(set) var trouble: (any Error)?

    struct Drawing: Sendable {
        /// Makes the graph, which may take a while.
        let graph: @Sendable () throws -> Graph
        /// What stands in its place where it cannot be drawn.
        var list: (@Sendable () throws -> Model)?
        /// How long the page waits for it; `nil`: until it is drawn or cannot be.
        var patience: Duration?
        /// The picture, once it is known where everything is.
        let picture: @Sendable (Graph, GraphLayout) -> GraphPicture
    }

    /// Lays out the graph, if there is one.
    ///
    /// Where that fails the page has a list, if there is one, and says why.
    mutating func draw(_ drawings: Drawings) async {
        guard let drawing else {
            model["showsList"] = model["list"] != nil || model["steps"] != nil
            return
        }
        do {
            let picture = try await drawings.picture(of: drawing)
            model["svg"] = picture?.svg
            model["legend"] = picture?.legend.map { ["shape": $0.shape, "title": $0.title] as Model }
            isWhole = picture != nil
        } catch {
            trouble = error
            // Graphviz may be there the next time.
            isWhole = false
            guard let list = drawing.list else { return }
            let report = ErrorReport(error)
            model["trouble"] = Markup.code(
                "There is no picture: "
                    + [report.message, report.hint].compactMap(\.self).joined(separator: ". "))
            // Of an order that there is not the list is left out, as the picture says nothing of it either.
            model.merge((try? list()) ?? [:]) { $1 }
            model["showsList"] = true
        }
    }

    enum Section: String, CaseIterable, Sendable {
        case project, runs, lineage

        var title: String {
            switch self {
            case .project: "Artifacts"
            case .runs: "Runs"
            case .lineage: "Lineage"
            }
        }

        var place: Place {
            switch self {
            case .project: .project
            case .runs: .runs
            case .lineage: .lineage(.exploded)
            }
        }
    }

    struct Crumb: Sendable {
        let title: String
        let place: Place
    }

    /// What a page may do: nothing that is not ours (Content-Security-Policy).
    static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'"

    /// The page's HTML.
    func html(_ links: Links, _ project: Project, search: String = "") -> String {
        // To a template an empty text is something, too.
        var model = model.filter { $0.value as? String != "" }
        model["title"] = title
        model["projectName"] = project.name
        if !project.remotes.isEmpty { model["remotes"] = project.remotes.joined(separator: " or ") }
        model["home"] = links(.project)
        model["style"] = links(.asset(.style))
        model["script"] = links(.asset(.script))
        model["icon"] = links(.asset(.icon))
        model["isLive"] = links.isLive
        model["policy"] = Self.policy
        model["searchAddress"] = links(.search)
        // Filters of other pages have a field of their own.
        model["searchText"] = template == .search ? search : ""
        model["hasCrumbs"] = !path.isEmpty
        model["crumbs"] = path.map { ["title": $0.title, "href": links($0.place)] as Model }
        model["sections"] = Section.allCases.map {
            ["title": $0.title, "href": links($0.place), "isCurrent": $0 == section] as Model
        }
        return template.render(model)
    }
}
