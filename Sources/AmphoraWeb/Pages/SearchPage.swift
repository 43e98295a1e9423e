import Amphora

extension Page {
    /// Versions and runs that have all of what was asked for.
    static func search(_ context: PageContext) throws -> Page {
        let text = context.query["q"] ?? ""
        let search = SearchQuery(text)
        let catalogue = context.catalogue
        let artifacts = search.isEmpty ? [] : catalogue.artifacts.compactMap { found($0, search, catalogue) }
        let runs =
            search.isEmpty
            ? [] : catalogue.snapshot.runs.reversed().filter { search.matches(SearchableRun(run: $0)) }
        return Page(
            title: text.isEmpty ? "Search" : "Search for \(text)", template: .search,
            model: [
                "text": text, "isEmpty": search.isEmpty, "address": context.links(.search),
                "artifacts": artifacts.prefix(100).map { $0.model(context) },
                "artifactCount": Format.count(artifacts.count, "artifact"),
                "hasArtifacts": !artifacts.isEmpty,
                "runs": runTable(Array(runs.prefix(100)), context, metrics: keyMetrics(of: runs.prefix(50)))
                    .model(at: .search, context),
                "runCount": Format.count(runs.count, "run"), "hasRuns": !runs.isEmpty,
                "runsHref": context.links(.runs, Query().with(["q": text])),
                "isNothing": !search.isEmpty && artifacts.isEmpty && runs.isEmpty,
            ])
    }

    /// The versions of one artifact that were found.
    private struct Found {
        let artifact: Catalogue.ArtifactEntry
        /// The newest first.
        let versions: [Version]

        func model(_ context: PageContext) -> Model {
            [
                "name": artifact.name.rawValue, "href": context.links(.artifact(artifact.name)),
                "type": artifact.type?.rawValue ?? "", "count": Format.count(versions.count, "version"),
                "versions": versions.prefix(5).map { version in
                    [
                        "text": "\(version.name.number)",
                        "href": context.links(.version(version.name, .overview)),
                    ] as Model
                },
            ]
        }
    }

    private static func found(
        _ artifact: Catalogue.ArtifactEntry, _ search: SearchQuery, _ catalogue: Catalogue
    )
        -> Found?
    {
        let versions = artifact.versions.reversed().filter {
            search.matches(SearchableVersion(version: $0, aliases: catalogue.aliases(of: $0)))
        }
        return versions.isEmpty ? nil : Found(artifact: artifact, versions: versions)
    }
}
