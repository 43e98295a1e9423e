import Amphora

/// Answers questions: which page, which file.
///
/// Blocks, and knows nothing of HTTP.
struct Pages: Sendable {
    let store: Store
    let projectName: String
    let current: CurrentCatalogue

    init(store: Store, projectName: String) {
        self.store = store
        self.projectName = projectName
        current = CurrentCatalogue(store)
    }

    /// Answers for a place.
    ///
    /// - Parameters:
    ///   - place: Where the reader is.
    ///   - query: What else the reader asks for.
    ///   - isKnown: Whether the reader has the answer with this tag already.
    /// - Returns: The answer.
    /// - Throws: `UserFacingError`s, `NotInStore` for what is not there among them; ``Problem``.
    func answer(_ place: Place, _ query: Query, unless isKnown: (String) -> Bool) throws -> Answer {
        if case .asset(let asset) = place { return .asset(asset) }
        let context = PageContext(store: store, catalogue: try current(), query: query)
        switch place {
        case .download(let name, let path): return .download(try context.download(path, of: name))
        case .picture(let name, let path): return try context.picture(path, of: name)
        case .image(let id, let path): return try context.image(path, of: id)
        case .alias(let artifact, let alias): return try context.redirect(alias, of: artifact)
        case .events(let id): return .events(try context.run(id).id)
        default: break
        }
        let tag = context.catalogue.tag
        if isKnown(tag) { return .unchanged(tag: tag) }
        if case .api(let place) = place { return .json(try context.json(place), tag: tag) }
        return .page(try Page.at(place, context), tag: tag)
    }
}

extension Page {
    /// The page of a place that is one.
    static func at(_ place: Place, _ context: PageContext) throws -> Page {
        switch place {
        case .project: try project(context)
        case .search: try search(context)
        case .artifact(let name): try artifact(name, context)
        case .version(let name, let tab): try version(name, tab, context)
        case .file(let name, let path): try file(path, of: name, context)
        case .runs: try runs(context)
        case .comparison: try comparison(context)
        case .lineage(let view): try lineage(view, context)
        case .run(let id, let tab): try run(id, tab, context)
        default: throw Problem.noSuchPlace
        }
    }
}
