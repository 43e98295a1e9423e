import Amphora
import HTTPTypes

extension Page {
    /// Why there is nothing, and what to do.
    ///
    /// - Parameters:
    ///   - problem: What is wrong.
    ///   - place: Where the reader wanted to go, if it is a place at all.
    /// - Returns: A page with ways back, to what is nearest first.
    static func failure(_ problem: Problem, at place: Place? = nil) -> Page {
        var model: Model = [
            "status": "\(problem.status.code)", "message": problem.message.escapingControlCharacters(),
            "hint": Markup.code(problem.hint?.escapingControlCharacters() ?? ""),
        ]
        func link(_ title: String, _ place: Place) -> Model {
            ["title": title, "href": Links.live(place)]
        }
        // Who is not let in is led nowhere.
        if [.notFound, .internalServerError].contains(problem.status), let place {
            model["near"] = near(problem.near, place).map { link($0.title, $0.place) }
            // Of an artifact that there is not there is no page.
            let isLost = problem.message.hasPrefix("There is no artifact")
            if !isLost, let back = back(from: place) { model["back"] = link(back.title, back.place) }
        }
        if problem.status == .badRequest, let place, let back = back(fromQuestionAt: place) {
            model["back"] = link(back.title, back.place)
        }
        return Page(title: problem.status.reasonPhrase, template: .failure, model: model)
    }

    /// What the reader may have meant.
    private static func near(_ names: [String], _ place: Place) -> [Crumb] {
        names.compactMap { name in
            switch place {
            case .run: return (try? RunID(name)).map { Crumb(title: name, place: .run($0, .overview)) }
            case .artifact, .version, .file, .alias:
                return (try? ArtifactName(name)).map { Crumb(title: name, place: .artifact($0)) }
            default: return nil
            }
        }
    }

    /// The page without the question that has no answer.
    private static func back(fromQuestionAt place: Place) -> Crumb? {
        switch place {
        case .download, .picture, .image, .alias, .events, .asset, .api: back(from: place)
        default: Crumb(title: "The page itself", place: place)
        }
    }

    /// The page above.
    private static func back(from place: Place) -> Crumb? {
        switch place {
        case .file(let name, _), .download(let name, _), .picture(let name, _):
            Crumb(title: "Files of \(name)", place: .version(name, .files))
        case .version(let name, _): Crumb(title: "All of \(name.artifact)", place: .artifact(name.artifact))
        case .alias(let name, _): Crumb(title: "All of \(name)", place: .artifact(name))
        case .run, .image, .comparison: Crumb(title: "All runs", place: .runs)
        default: nil
        }
    }
}
