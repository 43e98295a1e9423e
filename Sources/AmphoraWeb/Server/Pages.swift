import Amphora

/// Answers questions: which page, which file.
///
/// Blocks, and knows nothing of HTTP.
struct Pages: Sendable {
    let store: Store
    let project: Project
    let current: CurrentCatalogue
    private let memory = Memory()

    init(store: Store, _ project: Project) {
        self.store = store
        self.project = project
        current = CurrentCatalogue(store)
    }

    /// Answers for a place.
    ///
    /// - Parameters:
    ///   - place: Where the reader is.
    ///   - query: What else the reader asks for.
    ///   - isKnown: Whether the reader has the answer with this tag already; a tag of the whole store's state, or of a
    ///     file alone.
    /// - Returns: The answer.
    /// - Throws: `UserFacingError`s, `NotInStore` for what is not there among them; ``Problem``.
    func answer(
        _ place: Place, _ query: Query, unless isKnown: (_ tag: String, _ isOfStore: Bool) -> Bool
    ) throws -> Answer {
        let context = PageContext(store: store, catalogue: try current(), memory: memory, query: query)
        let tag = context.catalogue.tag
        // What is not here may come, without any ref that moves.
        if place.isTagged, isKnown(tag, true), try !store.mayMissContent { return .unchanged(tag: tag) }
        let answer = try context.answer(place)
        if case .download(let file) = answer, isKnown(file.tag, false) { return .unchanged(tag: file.tag) }
        return answer
    }
}

extension Place {
    /// Whether what it says is the same as long as the catalogue is.
    fileprivate var isTagged: Bool {
        switch self {
        case .download, .picture, .image, .alias, .events, .asset: false
        default: true
        }
    }
}

extension PageContext {
    /// What there is at a place.
    ///
    /// - Throws: `UserFacingError`s, `NotInStore` for what is not there among them; ``Problem``.
    func answer(_ place: Place) throws -> Answer {
        switch place {
        case .asset(let asset): .asset(asset)
        case .download(let name, let path): .download(try download(path, of: name))
        case .picture(let name, let path): .download(try picture(path, of: name))
        case .image(let id, let path): .download(try image(path, of: id))
        case .alias(let artifact, let alias): try redirect(alias, of: artifact)
        case .events(let id): .events(try run(id).id)
        case .api(let place): .json(try json(place), tag: catalogue.tag)
        default: .page(try Page.at(place, self), tag: catalogue.tag)
        }
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
