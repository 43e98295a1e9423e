import Amphora

extension Page {
    /// One run, by tabs.
    static func run(_ id: RunID, _ tab: Place.RunTab, _ context: PageContext) throws -> Page {
        let run = try context.run(id)
        var page = Page(
            title: run.title, template: .run, section: .runs, path: [.init(.runs)],
            model: [
                "name": run.title, "id": id.rawValue,
                "jobType": run.record.jobType.escapingControlCharacters(),
                "state": run.state.rawValue,
                "since": run.state == .running ? Timestamp.text(run.record.created) : "",
                "tabs": Place.RunTab.allCases.map { other in
                    [
                        "title": other.rawValue.capitalized, "href": context.links(.run(id, other)),
                        "isCurrent": other == tab,
                    ] as Model
                },
                "is\(tab.rawValue.capitalized)": true,
            ])
        if context.links.isLive, run.state == .running { page.model["events"] = context.links(.events(id)) }
        if tab == .lineage {
            let centre = LineageGraph.NodeID.run(id)
            try page.show(
                try context.surroundings(of: centre), .exploded, at: .run(id, .lineage), centre: centre,
                context)
        }
        let content: Model =
            switch tab {
            case .lineage: [:]
            case .overview: overview(run, context).merging(lastMetrics(of: run, context)) { $1 }
            case .charts: try charts(run, context)
            case .media: try media(run, context)
            case .artifacts: try artifacts(run, context)
            }
        page.model.merge(content) { $1 }
        return page
    }

    private static func overview(_ run: RunInfo, _ context: PageContext) -> Model {
        let record = run.record
        var model: Model = [
            "started": Cell.date(record.created).model(isNumber: false, context.links),
            "duration": Cell.duration(of: run).model(isNumber: false, context.links),
            "isFailed": run.state == .failed, "isCrashed": run.state == .crashed,
            "hasNothing": record.summary.isEmpty && record.config.isEmpty && record.notes.isEmpty,
            "remote": record.code["remote"]?.string?.escapingControlCharacters() ?? "",
            "who": record.user.escapingControlCharacters(), "host": record.host.escapingControlCharacters(),
            "project": record.project.escapingControlCharacters(),
            "command": record.command.map(\.shellQuoted).joined(separator: " ").escapingControlCharacters(),
            "notes": Markdown.html(record.notes), "hasTags": !record.tags.isEmpty,
            "tags": record.tags.map { ["text": $0] as Model },
            "config": Fields.models(record.config), "hasConfig": !record.config.isEmpty,
            "summary": Fields.models(record.summary), "hasSummary": !record.summary.isEmpty,
            "commit": record.code["commit"]?.string?.escapingControlCharacters() ?? "",
            "isDirty": record.code["dirty"] == true,
        ]
        if let status = record.exitStatus { model["exitStatus"] = "\(status)" }
        return model
    }

    /// What the run has logged last, as far as its summary does not say it.
    private static func lastMetrics(of run: RunInfo, _ context: PageContext) -> Model {
        // What cannot be read says so with the charts.
        let last = (try? context.memory.history(of: run, in: context.store))?.last ?? [:]
        let metrics = last.filter { run.record.summary[$0.key] == nil }.sorted { $0.key < $1.key }
        guard !metrics.isEmpty else { return [:] }
        return [
            "hasNothing": false, "hasMetrics": true,
            "metrics": metrics.prefix(metricLimit).map {
                ["name": $0.key.escapingControlCharacters(), "value": $0.value.short] as Model
            },
            "chartsHref": context.links(.run(run.id, .charts)),
            "hasMoreMetrics": metrics.count > metricLimit,
        ]
    }

    /// The most metrics that stand beside config and summary.
    private static let metricLimit = 24

    private static func charts(_ run: RunInfo, _ context: PageContext) throws -> Model {
        let sheet = ChartSheet(runs: [(run.title, try context.memory.history(of: run, in: context.store))])
        guard !sheet.isEmpty else { return ["isEmpty": true] }
        return try sheet.model(at: .run(run.id, .charts), context)
    }

    private static func media(_ run: RunInfo, _ context: PageContext) throws -> Model {
        let images = try context.store.images(of: run.id)
        let groups = Dictionary(grouping: images.prefix(imageLimit)) { "\($0.key), step \($0.step)" }
        return [
            "groups": try groups.sorted {
                ($0.value[0].key, $0.value[0].step) < ($1.value[0].key, $1.value[0].step)
            }
            .map { title, images in
                [
                    "title": title.escapingControlCharacters(),
                    "images": try images.map { image in
                        [
                            "src": context.links(.image(run.id, try ArtifactPath(image.path))),
                            "caption": image.caption.escapingControlCharacters(),
                        ] as Model
                    },
                ] as Model
            },
            "isEmpty": images.isEmpty, "count": Format.count(images.count, "image"),
            "isCut": images.count > imageLimit, "limit": Format.number(imageLimit),
        ]
    }

    /// More would make browsers slow.
    private static let imageLimit = 500

    private static func artifacts(_ run: RunInfo, _ context: PageContext) throws -> Model {
        func table(_ links: [RunLink], _ caption: String) throws -> Model {
            try Table(
                columns: linkColumns(context), rows: links, caption: caption, name: caption.lowercased()
            )
            .model(at: .run(run.id, .artifacts), context)
        }
        let inputs = run.links.filter(\.role.isInput)
        let outputs = run.links.filter(\.role.isOutput)
        return [
            "inputs": try table(inputs, "Inputs"), "outputs": try table(outputs, "Outputs"),
            "hasInputs": !inputs.isEmpty, "hasOutputs": !outputs.isEmpty,
        ]
    }

    /// As the tutorial has them: type, name, size, consumers.
    private static func linkColumns(_ context: PageContext) -> [Column<RunLink>] {
        let catalogue = context.catalogue
        let version = { (link: RunLink) in catalogue.version(link.commitID) }
        return [
            Column(
                key: "version", title: "Version",
                cell: { link in
                    version(link).map { .link("\($0.name)", .version($0.name, .overview)) }
                        ?? Cell(text: link.artifact, detail: "Deleted, or not here")
                }, sortKey: { .text($0.artifact) }),
            Column(
                key: "type", title: "Type", cell: { version($0).map { .text($0.type.rawValue) } ?? Cell() },
                sortKey: { version($0).map { .text($0.type.rawValue) } }),
            Column(
                key: "aliases", title: "Aliases",
                cell: { version($0).map { .labels(catalogue.labels(of: $0)) } ?? Cell() }),
            Column(
                key: "size", title: "Size", isNumber: true,
                cell: { version($0).map { .bytes($0.byteCount) } ?? Cell() },
                sortKey: { version($0).map { .count($0.byteCount) } }),
            Column(
                key: "uses", title: "Used by", isNumber: true, help: "Runs that have used it",
                cell: { version($0).map { .count(catalogue.consumerCount(of: $0)) } ?? Cell() },
                sortKey: { version($0).map { .count(catalogue.consumerCount(of: $0)) } }),
        ]
    }
}

extension RunInfo {
    /// How long it took, in seconds; `nil` while it goes on, which scripts count themselves.
    var duration: Double? { state == .running ? nil : duration(until: record.created) }
}

extension PageContext {
    /// An image of a run, if it is one.
    func image(_ path: ArtifactPath, of id: RunID) throws -> Download {
        let file = try store.media(path.description, of: run(id).id)
        return try picture(
            in: Download(path: path, byteCount: file.byteCount, tag: "\"\(file.id)\"", read: file.read))
    }
}

extension String {
    /// As a shell takes it for one word.
    fileprivate var shellQuoted: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
                    || "-_./=:@%+,".utf8.contains(byte)
            }
        return isPlain ? self : "'\(replacing("'", with: "'\\''"))'"
    }
}
