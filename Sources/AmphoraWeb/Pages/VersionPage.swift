import Amphora

extension Page {
    /// One version, by tabs.
    static func version(_ name: VersionName, _ tab: Place.VersionTab, _ context: PageContext) throws -> Page {
        let version = try context.version(name)
        var page = Page(
            title: "\(name)", template: .version, section: .project,
            path: [.init(.project), .init(.artifact(name.artifact))],
            model: [
                "name": "\(name.number)", "artifact": name.artifact.rawValue, "type": version.type.rawValue,
                "labels": Cell.labels(context.catalogue.labels(of: version)).labels.map {
                    $0.model(context.links)
                },
                "tabs": tabs(of: name, current: tab, context), "is\(tab.rawValue.capitalized)": true,
                "neighbours": neighbours(of: version, tab, context),
            ])
        if tab == .lineage {
            let centre = LineageGraph.NodeID.version(version.commitID)
            try page.show(
                try context.surroundings(of: centre), .exploded, at: .version(name, .lineage), centre: centre,
                context)
        }
        let content: Model =
            switch tab {
            case .lineage: [:]
            case .compare: try compare(version, context)
            case .overview: overview(version, context)
            case .metadata: metadata(version)
            case .files: try files(of: version, below: nil, context)
            case .usage: usage(version)
            }
        page.model.merge(content) { $1 }
        return page
    }

    private static func tabs(of name: VersionName, current: Place.VersionTab, _ context: PageContext)
        -> [Model]
    {
        Place.VersionTab.allCases.map { tab in
            [
                "title": tab.rawValue.capitalized, "href": context.links(.version(name, tab)),
                "isCurrent": tab == current,
            ]
        }
    }

    /// The versions before and after it.
    private static func neighbours(
        of version: Version, _ tab: Place.VersionTab, _ context: PageContext
    ) -> Model {
        let versions = context.catalogue.artifact(version.name.artifact)?.versions ?? []
        guard let position = versions.firstIndex(where: { $0.name == version.name }) else { return [:] }
        var model: Model = [:]
        for (key, position) in [("previous", position - 1), ("next", position + 1)]
        where versions.indices.contains(position) {
            let name = versions[position].name
            model[key] = ["title": "\(name.number)", "href": context.links(.version(name, tab))] as Model
        }
        return model
    }

    private static func overview(_ version: Version, _ context: PageContext) -> Model {
        let uses = context.catalogue.uses(of: version.commitID)
        let makers = uses.filter(\.role.isOutput).map(\.runID)
        let users = uses.filter(\.role.isInput).map(\.runID)
        let labels = context.catalogue.labels(of: version)
        let fields = Fields.models(version.metadata)
        var model: Model = [
            "allLabels": labels.map { $0.model(context.links) },
            "hasLabels": Cell.labels(labels).labels.count < labels.count,
            "fields": Array(fields.prefix(fieldLimit)), "hasFields": !fields.isEmpty,
            "moreFields": fields.count > fieldLimit ? Format.count(fields.count, "field") : "",
            "metadataHref": context.links(.version(version.name, .metadata)),
            "hasNothing": fields.isEmpty && version.note == nil,
            "note": version.note.map { Markdown.html($0) } ?? "",
            "created": Cell.date(version.created).model(isNumber: false, context.links),
            "author": "\(version.signature.name) <\(version.signature.email)>".escapingControlCharacters(),
            "size": Format.bytes(version.byteCount), "exactSize": "\(Format.number(version.byteCount)) bytes",
            "files": Format.count(version.fileCount, "file"),
            "digest": "\(version.treeID)", "commit": "\(version.commitID)",
            "makers": makers.map { context.runCell($0).model(isNumber: false, context.links) },
            "users": users.suffix(userLimit).reversed().map {
                context.runCell($0).model(isNumber: false, context.links)
            },
            "moreUsers": users.count > userLimit ? Format.count(users.count, "run") : "",
            "lineageHref": context.links(.version(version.name, .lineage)),
            "hasUsers": !users.isEmpty, "hasMakers": !makers.isEmpty,
        ]
        if let shared = sharing(version, context) { model["shared"] = shared }
        return model
    }

    /// How much of metadata and of the runs that used a version is shown at once.
    private static let (fieldLimit, userLimit) = (12, 10)

    /// What the version has of the one before it.
    private static func sharing(_ version: Version, _ context: PageContext) -> Model? {
        let versions = context.catalogue.artifact(version.name.artifact)?.versions ?? []
        // Larger trees take longer to compare than a page may take.
        guard let before = versions.last(where: { $0.name < version.name }),
            max(before.fileCount, version.fileCount) <= 5000,
            let diff = try? context.memory.diff(before, version, in: context.store),
            let newBytes = diff.newBytes
        else { return nil }
        let count = { (kind: VersionDiff.FileChange.Kind) in
            Format.number(diff.files.count { $0.kind == kind })
        }
        let kept = version.byteCount == 0 ? 100 : 100 * (1 - Double(newBytes) / Double(version.byteCount))
        return [
            "before": "\(before.name.number)", "beforeHref": context.links(.version(before.name, .overview)),
            "newBytes": Format.bytes(newBytes), "percent": "\(Int(kept.rounded(.down)))",
            "added": count(.added), "changed": count(.changed), "removed": count(.removed),
            "unchanged": Format.number(diff.unchangedFileCount),
        ]
    }

    private static func metadata(_ version: Version) -> Model {
        [
            "fields": Fields.models(version.metadata), "hasFields": !version.metadata.isEmpty,
            "json": JSONValue.object(version.metadata).indented()
                ?? JSONValue.object(version.metadata).canonical,
        ]
    }

    private static func usage(_ version: Version) -> Model {
        let name = version.name
        // What is not here may have some; where there are none this does nothing.
        let hasPieces = (try? version.files().contains(where: \.isChunked)) ?? true
        let joining = """

            # Large files are folders of pieces, to be put together:
            find \(name) -name .amphora | while IFS= read -r mark; do
              file="${mark%/.amphora}"
              cat "$file"/*/* > "$file~" && rm -r "$file" && mv "$file~" "$file"
            done
            """
        return [
            "reference": "\(name)",
            "shell": "amphora get \(name)",
            "swift": """
            import Amphora

            let store = try Store.open(discoveringFrom: ".")
            let run = try store.startRun(project: "my-project", jobType: "my-job")
            let version = try run.use("\(name)")  // recorded as an input
            let folder = try version.download().path
            // …
            try run.finish()
            """,
            "git": """
            mkdir -p \(name)
            git --git-dir .amphora archive \(name.artifact)/\(name.number) | tar -x -C \(name)\(hasPieces ? joining : "")
            """,
        ]
    }
}

extension String {
    /// With a large first letter.
    var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
