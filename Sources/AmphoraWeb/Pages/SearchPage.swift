import Amphora

extension Page {
    /// The most artifacts and runs that are listed: more words find fewer.
    private static let listLimit = 50

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
                "artifacts": artifacts.prefix(listLimit).map { $0.model(search, context) },
                "examples": examples.map { example, meaning in
                    [
                        "example": example, "meaning": meaning,
                        "href": context.links(.search, Query().with(["q": example])),
                    ] as Model
                },
                "artifactCount": Format.count(artifacts.count, "artifact"),
                "hasArtifacts": !artifacts.isEmpty,
                "runs": try found(Array(runs.prefix(listLimit)), search, context).model(at: .search, context),
                "runCount": Format.count(runs.count, "run"), "hasRuns": !runs.isEmpty,
                "runsHref": context.links(.runs, Query().with(["q": text])),
                "showsExamples": artifacts.isEmpty && runs.isEmpty,
                "isNothing": !search.isEmpty && artifacts.isEmpty && runs.isEmpty,
            ])
    }

    /// What people can ask for.
    private static let examples = [
        ("mnist", "in names, types, aliases, descriptions and tags, and in what runs used and logged"),
        ("type=model", "a condition: fields of metadata, config and summary, or what a thing is"),
        ("accuracy>0.9", "numbers as numbers: also <, <=, >= and !="),
        ("config.optimizer=adam", "only in config, or only in summary; dots lead into nested fields"),
        ("state=failed type=train", "all of it must hold; type is the job type of runs"),
        ("alias=best", "versions that are called so now"),
    ]

    /// Runs, with what they were found by.
    private static func found(_ runs: [RunInfo], _ search: SearchQuery, _ context: PageContext)
        -> Table<RunInfo>
    {
        let words = SearchQuery(terms: search.terms.filter { if case .word = $0 { true } else { false } })
        let known = ["state", "type", "job", "job_type", "name"]
        let fields = search.fields.filter { !known.contains($0) }
        let metrics = fields + keyMetrics(of: runs.prefix(50)).filter { !fields.contains($0) }
        var table = runTable(runs, context, metrics: metrics)
        // Names and job types are seen in the table.
        let reasons = { (run: RunInfo) in
            words.reasons(for: SearchableRun(run: run)).filter { $0 != run.record.jobType }
        }
        if runs.contains(where: { !reasons($0).isEmpty }) {
            table.columns.append(
                Column(
                    key: "why", title: "Found by",
                    cell: { .text(reasons($0).joined(separator: "; ")) }))
        }
        return table
    }

    /// The versions of one artifact that were found.
    private struct Found {
        let artifact: Catalogue.ArtifactEntry
        /// The newest first.
        let versions: [Version]

        func model(_ search: SearchQuery, _ context: PageContext) -> Model {
            let subject = SearchableVersion(
                version: versions[0], aliases: context.catalogue.aliases(of: versions[0]))
            let reasons = search.reasons(for: subject).joined(separator: "; ")
            return [
                "hasReasons": !reasons.isEmpty, "reasons": reasons.escapingControlCharacters(),
                "hasMore": versions.count > 5,
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
