import Amphora

extension Page {
    /// The most runs that are compared: more lines cannot be told apart.
    private static let comparisonLimit = 8

    /// Runs beside each other: what differs in config and summary, and their metrics in common charts.
    static func comparison(_ context: PageContext) throws -> Page {
        let names = context.query.all("run").flatMap { $0.split(separator: ",").map(String.init) }
        let runs = try names.prefix(comparisonLimit).map { try context.store.run($0) }
        let sheet = ChartSheet(
            runs: try runs.map { ($0.title, try context.memory.history(of: $0, in: context.store)) })
        let rows = fields(of: runs)
        return Page(
            title: "Compare runs", template: .comparison, section: .runs, path: [.init(.runs)],
            model: [
                "isEmpty": runs.isEmpty, "runsHref": context.links(.runs),
                "isCut": names.count > comparisonLimit, "limit": "\(comparisonLimit)",
                "runs": runs.enumerated().map { index, run in
                    [
                        "title": run.title, "href": context.links(.run(run.id, .overview)),
                        "colour": "s\(index)",
                        "state": run.state.rawValue,
                    ] as Model
                },
                "rows": rows.filter(\.differs).map(\.model), "hasRows": !rows.isEmpty,
                "same": rows.filter { !$0.differs }.map(\.model),
                "sameCount": Format.count(rows.count { !$0.differs }, "field"),
                "hasSame": rows.contains { !$0.differs }, "hasCharts": !sheet.isEmpty,
                "hasNoCharts": sheet.isEmpty && !runs.isEmpty,
            ].merging(try sheet.model(at: .comparison, context)) { $1 })
    }

    /// Fields of summary and config, with their values in all runs.
    private static func fields(of runs: [RunInfo]) -> [(differs: Bool, model: Model)] {
        let fields = runs.map { run in
            [("summary", run.record.summary), ("config", run.record.config)].reduce(into: [String: String]())
            { all, part in
                for (name, value) in Fields.flattened(part.1, below: "\(part.0).") { all[name] = value }
            }
        }
        let names = Set(fields.flatMap(\.keys)).sorted {
            ($0.hasPrefix("c") ? 1 : 0, $0) < ($1.hasPrefix("c") ? 1 : 0, $1)
        }
        return names.map { name in
            let values = fields.map { $0[name] }
            return (
                differs: Set(values).count > 1,
                model: [
                    "name": name.escapingControlCharacters(),
                    "values": values.map { ["text": $0 ?? "–"] as Model },
                ]
            )
        }
    }
}
