import Amphora

extension PageContext {
    /// What programs get at a place.
    ///
    /// - Throws: `UserFacingError`s; ``Problem``.
    func json(_ place: APIPlace) throws -> JSONValue {
        switch place {
        case .store: storeJSON
        case .artifacts:
            try APIList.json(found(catalogue.artifacts), at: place, self, key: \.name.rawValue, json)
        case .artifact(let name): json(try artifact(name))
        case .versions(let name):
            try APIList.json(
                found(try artifact(name).versions.reversed()), at: place, self, key: { "\($0.name.number)" },
                json)
        case .version(let reference): try whole(store.version(reference))
        case .files(let reference):
            try APIList.json(
                try store.version(reference).files(below: query.all("path")), at: place, self,
                key: \.path.description, \.json)
        case .comparison(let reference): try comparison(store.version(reference))
        case .runs:
            try APIList.json(
                found(catalogue.snapshot.runs.reversed()), at: place, self, key: \.id.rawValue, \.json)
        case .run(let id): try run(id).json
        case .history(let id): try history(of: run(id), at: place)
        case .images(let id):
            try APIList.json(try store.images(of: run(id).id), at: place, self, key: \.path) { image in
                try json(image, of: id)
            }
        case .lineage: try lineage.json
        case .groups: try lineage.grouped().json
        }
    }

    private var storeJSON: JSONValue {
        [
            "artifacts": .int(Int64(catalogue.artifacts.count)),
            "versions": .int(Int64(catalogue.snapshot.versions.count)),
            "runs": .int(Int64(catalogue.snapshot.runs.count)), "tips": .string(catalogue.snapshot.tips),
            "damage": .array(catalogue.snapshot.damage.map { .string(ErrorReport($0).message) }),
        ]
    }

    // MARK: Artifacts and versions

    private func found(_ artifacts: [Catalogue.ArtifactEntry]) -> [Catalogue.ArtifactEntry] {
        let search = SearchQuery(query["q"] ?? "")
        let type = query["type"]
        return artifacts.filter { artifact in
            (type == nil || artifact.type?.rawValue == type)
                && (search.isEmpty || artifact.versions.contains { matches($0, search) })
        }
    }

    private func found(_ versions: [Version]) -> [Version] {
        let search = SearchQuery(query["q"] ?? "")
        return search.isEmpty ? versions : versions.filter { matches($0, search) }
    }

    private func matches(_ version: Version, _ search: SearchQuery) -> Bool {
        search.matches(SearchableVersion(version: version, aliases: catalogue.aliases(of: version)))
    }

    private func json(_ artifact: Catalogue.ArtifactEntry) -> JSONValue {
        let aliases = artifact.versions.flatMap { version in
            catalogue.aliases(of: version).map { ($0.rawValue, JSONValue.string("\(version.name.number)")) }
        }
        return [
            "artifact": .string(artifact.name.rawValue),
            "type": artifact.type.map { .string($0.rawValue) } ?? .null,
            "versions": .int(Int64(artifact.versions.count)),
            "latest": artifact.newest.map(json) ?? .null, "aliases": .object(Dictionary(aliases) { $1 }),
            "deleted": .array(artifact.tombstones.map(\.json)),
        ]
    }

    private func json(_ version: Version) -> JSONValue {
        let aliases = catalogue.aliases(of: version)
        var json = version.json(aliases: aliases)
        json["conflicts"] = .array(
            catalogue.conflicts(of: version.name.artifact).filter { aliases.contains($0.alias) }
                .map { $0.json(version: catalogue.version($0.target)?.name) })
        return json
    }

    private func whole(_ version: Version) -> JSONValue {
        var json = json(version)
        let uses = catalogue.uses(of: version.commitID)
        json["producers"] = .array(uses.filter(\.role.isOutput).map { .string($0.runID.rawValue) })
        json["consumers"] = .array(uses.filter(\.role.isInput).map { .string($0.runID.rawValue) })
        return json
    }

    private func comparison(_ version: Version) throws -> JSONValue {
        guard let with = query["with"] else {
            throw Problem.wrong("'with' names the version to compare with.")
        }
        return try memory.diff(store.version(other(with, of: version)), version, in: store).json
    }

    /// A bare number or alias means one of the same artifact.
    func other(_ text: String, of version: Version) -> String {
        text.contains(":") ? text : "\(version.name.artifact):\(text)"
    }

    // MARK: Runs

    private func found(_ runs: [RunInfo]) -> [RunInfo] {
        let search = SearchQuery(query["q"] ?? "")
        return search.isEmpty ? runs : runs.filter { search.matches(SearchableRun(run: $0)) }
    }

    private func history(of run: RunInfo, at place: APIPlace) throws -> JSONValue {
        let wanted = Set(query.all("metric"))
        let limit = try APIList.limit(self)
        let after = try query["after"].map { text in
            guard let after = Int(text), (0..<Int.max).contains(after) else { throw APIList.nothingAfter }
            return after
        }
        let start = after.map { $0 + 1 } ?? 0
        var items: [JSONValue] = []
        var total = 0
        // Of a million lines only those are read that are asked for.
        try store.historyLines(of: run.id) { text in
            let isAsked = total >= start && items.count < limit
            if isAsked || !wanted.isEmpty {
                let line = try JSONValue(parsing: text)
                guard wanted.isEmpty || !wanted.isDisjoint(with: (line.object ?? [:]).keys) else { return }
                if isAsked { items.append(line) }
            }
            total += 1
        }
        guard start == 0 || start <= total else { throw APIList.nothingAfter }
        let end = start + items.count
        return APIList.part(items, of: total, next: end < total ? "\(end - 1)" : nil, at: place, self)
    }

    private func json(_ image: RunImage, of id: RunID) throws -> JSONValue {
        [
            "path": .string(image.path), "key": .string(image.key), "step": .int(Int64(image.step)),
            "number": .int(Int64(image.number)), "caption": .string(image.caption),
            "href": .string(links(.image(id, try ArtifactPath(image.path)))),
        ]
    }

    // MARK: Lineage

    private var lineage: LineageGraph {
        get throws {
            try query["around"].map { try surroundings(of: store.lineageNode($0)) }
                ?? memory.lineage(catalogue)
        }
    }
}
