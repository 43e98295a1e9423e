import Amphora

extension Page {
    /// One artifact: its versions, the newest first.
    static func artifact(_ name: ArtifactName, _ context: PageContext) throws -> Page {
        let artifact = try context.artifact(name)
        let text = context.query["q"] ?? ""
        let search = SearchQuery(text)
        let rows = artifact.versions.reversed().filter { version in
            search.isEmpty
                || search.matches(
                    SearchableVersion(version: version, aliases: context.catalogue.aliases(of: version)))
        }
        let available = metadataKeys(of: artifact.versions)
        let chosen = context.query.all("column").filter(available.contains)
        let shown = chosen.isEmpty ? Array(available.prefix(3)) : chosen
        let place = Place.artifact(name)
        return Page(
            title: name.rawValue, template: .artifact, section: .project, path: [.init(.project)],
            model: [
                "name": name.rawValue, "type": artifact.type?.rawValue ?? "",
                "count": Format.count(artifact.versions.count, "version"),
                "note": artifact.newest?.note.map { Markdown.html($0) } ?? "",
                "table": try versionTable(
                    Array(rows), metadata: shown, context
                )
                .model(at: place, context),
                "filter": text, "address": context.links(place), "kept": context.keptByFilters,
                "isFiltered": !search.isEmpty, "found": Format.number(rows.count),
                "choices": available.map { key in
                    ["key": key, "isChosen": shown.contains(key)] as Model
                },
                "filterExample": "best accuracy>0.9", "hasChoices": !available.isEmpty,
                "isFilterable": context.links.isLive && !artifact.versions.isEmpty,
                "hasDeleted": !artifact.tombstones.isEmpty,
                "deleted": artifact.tombstones.map { tombstone in
                    [
                        "number": "\(tombstone.name.number)", "who": tombstone.signature.name,
                        "when": Format.date(tombstone.signature.date),
                    ] as Model
                },
            ])
    }

    /// The keys of metadata, those of most versions first.
    private static func metadataKeys(of versions: [Version]) -> [String] {
        var counts: [String: Int] = [:]
        // Of thousands the newest tell enough, and decoding all would take longer than the page.
        for version in versions.suffix(200) {
            for (key, value) in version.metadata where value.object == nil { counts[key, default: 0] += 1 }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(60).map(\.key)
    }

    private static func versionTable(_ versions: [Version], metadata: [String], _ context: PageContext)
        -> Table<Version>
    {
        let catalogue = context.catalogue
        return Table(
            columns: [
                Column(
                    key: "version", title: "Version",
                    cell: { .link("\($0.name.number)", .version($0.name, .overview)) },
                    sortKey: { .count($0.name.number.rawValue) }),
                Column(key: "aliases", title: "Aliases", cell: { .labels(catalogue.labels(of: $0)) }),
                Column(
                    key: "created", title: "Created", isNumber: true, cell: { .date($0.created) },
                    sortKey: { .date($0.created) }),
                Column(
                    key: "size", title: "Size", isNumber: true, cell: { .bytes($0.byteCount) },
                    sortKey: { .count($0.byteCount) }),
                Column(
                    key: "files", title: "Files", isNumber: true, cell: { .count($0.fileCount) },
                    sortKey: { .count($0.fileCount) }),
                Column(
                    key: "run", title: "Made by",
                    cell: { version in context.runCell(version.producerID) }),
                Column(
                    key: "uses", title: "Used by", isNumber: true, help: "Runs that have used it",
                    cell: { .count(catalogue.consumerCount(of: $0)) },
                    sortKey: { .count(catalogue.consumerCount(of: $0)) }),
            ]
                + metadata.map { key in
                    Column(
                        key: "metadata.\(key)", title: key, isNumber: isNumeric(key, versions),
                        cell: { .value($0.metadata[key]) }, sortKey: { SortKey($0.metadata[key]) })
                },
            rows: versions, caption: "Versions")
    }

    private static func isNumeric(_ key: String, _ versions: [Version]) -> Bool {
        versions.lazy.prefix(20).compactMap { $0.metadata[key] }.allSatisfy { $0.number != nil }
    }
}

extension Catalogue {
    func consumerCount(of version: Version) -> Int { uses(of: version.commitID).count { $0.role.isInput } }
}

extension Page.Crumb {
    init(_ place: Place) {
        let title =
            switch place {
            case .project: "Artifacts"
            case .artifact(let name): name.rawValue
            case .version(let name, _): "\(name.number)"
            case .runs: "Runs"
            default: ""
            }
        self.init(title: title, place: place)
    }
}
