import Amphora

extension Page {
    /// The most runs that are compared: more lines cannot be told apart.
    private static let comparisonLimit = 8

    /// Runs beside each other: what differs in config and summary, and their metrics in common charts.
    static func comparison(_ context: PageContext) throws -> Page {
        let names = context.query.all("run").flatMap { $0.split(separator: ",").map(String.init) }
        let runs = try names.prefix(comparisonLimit).map { try context.store.run($0) }
        let isLogarithmic = context.query["scale"] == "log"
        let axis = context.query["x"] == "time" ? MetricHistory.Axis.time : .step
        let histories = try runs.map { try MetricHistory(of: $0.id, in: context.store) }
        let metrics = Set(histories.flatMap(\.metrics)).sorted()
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
                "rows": differences(runs), "hasRows": !runs.isEmpty,
                "charts": metrics.map { metric in
                    let series = zip(runs, histories).enumerated().map { index, pair in
                        Chart.Series(
                            name: pair.0.title, points: pair.1.points(of: metric, against: axis),
                            colour: index)
                    }
                    let chart = Chart(
                        title: metric, series: series, axis: axis.title, isLogarithmic: isLogarithmic)
                    return ["title": metric.escapingControlCharacters(), "svg": chart.svg, "last": ""]
                        as Model
                },
                "hasCharts": !metrics.isEmpty,
            ].merging(switches(at: .comparison, axis, isLogarithmic, context)) { $1 })
    }

    /// Fields of config and summary, those that differ first.
    private static func differences(_ runs: [RunInfo]) -> [Model] {
        let fields = runs.map { run in
            [("summary", run.record.summary), ("config", run.record.config)].reduce(into: [String: String]())
            { all, part in
                for (name, value) in Fields.flattened(part.1, below: "\(part.0).") { all[name] = value }
            }
        }
        let names = Set(fields.flatMap(\.keys)).sorted {
            ($0.hasPrefix("c") ? 1 : 0, $0) < ($1.hasPrefix("c") ? 1 : 0, $1)
        }
        let rows = names.map { name in
            let values = fields.map { $0[name] }
            return (name: name, values: values, differs: Set(values).count > 1)
        }
        return (rows.filter(\.differs) + rows.filter { !$0.differs }).map { row in
            [
                "name": row.name.escapingControlCharacters(), "differs": row.differs,
                "values": row.values.map { ["text": $0 ?? "–"] as Model },
            ]
        }
    }

    /// Links to the same charts in another way.
    static func switches(
        at place: Place, _ axis: MetricHistory.Axis, _ isLogarithmic: Bool, _ context: PageContext
    ) -> Model {
        [
            "isLive": context.links.isLive, "isLogarithmic": isLogarithmic, "isTime": axis == .time,
            "byStep": context.links(place, context.query.with(["x": nil])),
            "byTime": context.links(place, context.query.with(["x": "time"])),
            "linear": context.links(place, context.query.with(["scale": nil])),
            "logarithmic": context.links(place, context.query.with(["scale": "log"])),
        ]
    }
}
