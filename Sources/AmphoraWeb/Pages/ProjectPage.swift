import Amphora

extension Page {
    /// The store at a glance: artifacts by type, newest runs.
    static func project(_ context: PageContext) throws -> Page {
        let catalogue = context.catalogue
        let wanted = context.query["type"]
        // What is deleted comes last, but can be found.
        let artifacts =
            catalogue.artifacts.filter { $0.newest != nil } + catalogue.artifacts.filter { $0.newest == nil }
        let groups = Dictionary(grouping: artifacts, by: \.type)
            .filter { wanted == nil || $0.key?.rawValue == wanted }
            .sorted { ($0.key?.rawValue ?? "") < ($1.key?.rawValue ?? "") }
        let isCut = context.links.isLive && groups.count > 1
        let limit = max(5, rowLimit / max(groups.count, 1))
        let runs = catalogue.snapshot.runs.reversed()
        // Sorting them leads to all of them, of which the question here says nothing.
        var runContext = context
        runContext.query = Query()
        var page = Page(
            title: "Artifacts", template: .project, section: .project,
            model: [
                "types": try groups.map { type, artifacts in
                    var table = artifactTable(artifacts, type, catalogue)
                    if groups.count > 1 { table.name = type?.rawValue ?? "" }
                    if isCut { table.limit = limit }
                    var model: Model = [
                        "name": type?.rawValue ?? "", "count": Format.number(artifacts.count),
                        "table": try table.model(at: .project, context),
                    ]
                    if isCut, artifacts.count > limit {
                        model["all"] = "All \(Format.number(artifacts.count))"
                        model["allHref"] = context.links(.project, Query().with(["type": type?.rawValue]))
                    }
                    return model
                },
                "isEmpty": groups.isEmpty,
                "runs": try runTable(Array(runs.prefix(10)), context, metrics: newestMetrics(of: runs))
                    .model(at: .runs, runContext),
                "hasRuns": !runs.isEmpty,
                "runCount": Format.count(runs.count, "run"),
                "runsHref": context.links(.runs),
                "artifactCount": Format.count(catalogue.artifacts.count, "artifact"),
                "versionCount": Format.count(catalogue.snapshot.versions.count, "version"),
                "damage": catalogue.snapshot.damage.prefix(5).map { ErrorReport($0).message },
                "isDamaged": !catalogue.snapshot.damage.isEmpty,
                "damageCount": Format.number(catalogue.snapshot.damage.count),
            ])
        if wanted == nil, !groups.isEmpty || !runs.isEmpty {
            page.model["lineageHref"] = context.links(.lineage(.exploded))
            page.drawing = overview(context)
        }
        return page
    }

    /// The whole store at a glance; the page does not wait for it where it takes long.
    private static func overview(_ context: PageContext) -> Drawing {
        let links = context.links
        return Drawing(
            graph: { context.memory.overview(context.catalogue) },
            patience: links.isLive ? .milliseconds(100) : nil
        ) { graph, layout in
            GraphDrawing(graph: graph, layout: layout) { links(.lineage(.exploded)) + "#\($0.key)" }.picture(
                links)
        }
    }

    /// The most artifacts that are shown, in equal parts of several types.
    private static let rowLimit = 60

    private static func artifactTable(
        _ artifacts: [Catalogue.ArtifactEntry], _ type: ArtifactType?, _ catalogue: Catalogue
    ) -> Table<Catalogue.ArtifactEntry> {
        Table(
            columns: [
                Column(
                    key: "name", title: "Artifact", cell: { .link($0.name.rawValue, .artifact($0.name)) },
                    sortKey: { .text($0.name.rawValue) }),
                Column(
                    key: "newest", title: "Newest",
                    cell: { artifact in
                        artifact.newest.map { .link("\($0.name.number)", .version($0.name, .overview)) }
                            ?? Cell(
                                text: "\(Format.number(artifact.tombstones.count)) deleted", isQuiet: true)
                    }),
                Column(
                    key: "aliases", title: "Aliases",
                    cell: { .labels(catalogue.labels(of: $0)) }),
                Column(
                    key: "versions", title: "Versions", isNumber: true, cell: { .count($0.versions.count) },
                    sortKey: { .count($0.versions.count) }),
                Column(
                    key: "size", title: "Size", isNumber: true, help: "Of the newest version",
                    cell: { artifact in artifact.newest.map { .bytes($0.byteCount) } ?? Cell() },
                    sortKey: { artifact in artifact.newest.map { .count($0.byteCount) } }),
                Column(
                    key: "changed", title: "Last change", isNumber: true,
                    cell: { artifact in artifact.lastChange.map { .date($0) } ?? Cell() },
                    sortKey: { artifact in artifact.lastChange.map { .date($0) } }),
            ],
            rows: artifacts, caption: "Artifacts of the type \(type?.rawValue ?? "")")
    }
}

extension Catalogue {
    /// All aliases of an artifact, each with the version it names, if that is not the newest.
    func labels(of artifact: ArtifactEntry) -> [Cell.Label] {
        aliasedVersions(of: artifact).flatMap { version in
            labels(of: version).map { label in
                guard version.commitID != artifact.newest?.commitID else { return label }
                var label = label
                label.text += " \(version.name.number)"
                return label
            }
        }
    }

    /// The aliases of a version; with a warning if a remote has another one for it.
    func labels(of version: Version) -> [Cell.Label] {
        let conflicts = conflicts(of: version.name.artifact)
        return aliases(of: version).map { alias in
            let remotes = conflicts.filter { $0.alias == alias }.map(\.remote)
            return Cell.Label(
                text: alias.rawValue, place: .version(version.name, .overview),
                warning: remotes.isEmpty
                    ? nil : "Another version in \(remotes.joined(separator: ", ")): see amphora alias resolve"
            )
        }
    }
}
