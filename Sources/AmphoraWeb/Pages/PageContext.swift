import Amphora

/// What pages are made of: the store as it is, the question, and how to name addresses.
struct PageContext: Sendable {
    let store: Store
    let catalogue: Catalogue
    var memory = Memory()
    var query = Query()
    var links = Links.live

    /// - Throws: `NotInStore`, with names that are like it.
    func artifact(_ name: ArtifactName) throws -> Catalogue.ArtifactEntry {
        if let artifact = catalogue.artifact(name) { return artifact }
        _ = try store.version(VersionReference(name, .alias(.latest)))
        throw Problem.noSuchPlace
    }

    /// - Throws: `NotInStore`; an error that says who deleted it.
    func version(_ name: VersionName) throws -> Version {
        if let version = catalogue.version(name) { return version }
        return try store.version(VersionReference(name.artifact, .number(name.number)))
    }

    /// - Throws: `NotInStore`, with names that are like it.
    func run(_ id: RunID) throws -> RunInfo { try catalogue.run(id) ?? store.run(id.rawValue) }

    /// The newest name of the version that an alias names.
    func redirect(_ alias: Alias, of artifact: ArtifactName) throws -> Answer {
        let version = try store.version(VersionReference(artifact, .alias(alias)))
        return .redirect(links(.version(version.name, .overview)))
    }

    /// The page of a file; `nil` where a static site has none.
    func place(of path: ArtifactPath, in version: Version) -> Place? {
        links.limits.map { version.fileCount <= $0.fileCount } ?? true ? .file(version.name, path) : nil
    }

    /// Whether the reader can have the content of a file.
    func offers(_ file: VersionFile) -> Bool {
        file.isHere && links.limits.map { (file.byteCount ?? .max) <= $0.byteCount } ?? true
    }

    /// What a filter keeps of the question: order and length of the table.
    var keptByFilters: [Model] {
        ["sort", "rows"].compactMap { name in
            query[name].map { ["name": name, "value": $0] as Model }
        }
    }

    /// A run as tables name it.
    func runCell(_ id: RunID?) -> Cell {
        guard let id else { return Cell() }
        guard let run = catalogue.run(id) else { return .text(id.rawValue) }
        return .link(run.title, .run(id, .overview))
    }
}

extension RunInfo {
    /// The name, or the ID of a run without one.
    var title: String { record.name.isEmpty ? id.rawValue : record.name.escapingControlCharacters() }
}
