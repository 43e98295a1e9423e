import Amphora

/// The charts of one run or several, those of one kind together, a page at a time.
struct ChartSheet {
    let runs: [(title: String, history: MetricHistory)]

    /// The most charts of a page.
    private static let length = 24
    /// The points of all lines together, so that a page stays small.
    private static let pointBudget = 1500

    var isEmpty: Bool { runs.allSatisfy { $0.history.metrics.isEmpty } }

    /// What the template `charts` shows.
    ///
    /// - Parameters:
    ///   - place: Where the charts are, for links to the same in another way.
    ///   - context: Whose question names axis, scale, page, and words that the metrics' names have.
    /// - Returns: A model for the template `charts`.
    /// - Throws: ``Problem`` if there is no such axis, scale or page.
    func model(at place: Place, _ context: PageContext) throws(Problem) -> Model {
        let query = context.query
        let isLogarithmic = try query.word("scale", of: ["linear", "log"]) == "log"
        let axis = try query.word("x", of: ["step", "time"]) == "time" ? MetricHistory.Axis.time : .step
        let words = (query["metric"] ?? "").lowercased().split(separator: " ")
        let found = groups.flatMap { group in group.metrics.map { (group: group.title, metric: $0) } }
            .filter { entry in
                query["metric"] == entry.metric || words.allSatisfy(entry.metric.lowercased().contains)
            }
        // One that is called exactly so is meant alone.
        let exact = found.filter { query["metric"] == $0.metric }
        let metrics = exact.isEmpty ? found : exact
        let pager = try Pager(metrics.count, query, standard: Self.length)
        let shown = context.links.isLive ? metrics[pager.shown] : metrics[...]
        let limit = min(max(Self.pointBudget / max(1, shown.count * runs.count), 40), 400)
        let extents = runs.compactMap { $0.history.extent(against: axis) }
        let extent = extents.dropFirst().reduce(extents.first) { all, one in
            all.map { min($0.lowerBound, one.lowerBound)...max($0.upperBound, one.upperBound) }
        }
        var sections: [(title: String, charts: [Model])] = []
        for (group, metric) in shown {
            let series = runs.enumerated().map { index, run in
                Chart.Series(
                    name: run.title, points: run.history.points(of: metric, against: axis), colour: index)
            }
            let chart = Chart(
                title: metric, series: series, axis: axis.title, extent: extent,
                isLogarithmic: isLogarithmic, pointLimit: limit)
            if sections.last?.title != group { sections.append((group, [])) }
            sections[sections.count - 1].charts.append([
                "title": metric.escapingControlCharacters(), "svg": chart.svg,
                "href": context.links(place, query.with(["metric": metric, "page": nil])),
                "note": note(on: chart),
            ])
        }
        let total = groups.reduce(0) { $0 + $1.metrics.count }
        return [
            "chartGroups": sections.map { section in
                ["title": section.title, "hasTitle": !section.title.isEmpty, "charts": section.charts]
                    as Model
            },
            "isAlone": shown.count == 1,
            "metricFilter": query["metric"] ?? "", "chartsAddress": context.links(place),
            "allCharts": context.links(place, query.with(["metric": nil, "page": nil])),
            "isSearchable": total > 6 || !words.isEmpty, "hasNoneFound": metrics.isEmpty,
            "chartsKept": query.items.filter { !["metric", "page"].contains($0.name) }.map {
                ["name": $0.name, "value": $0.value] as Model
            },
            "chartPagers": context.links.isLive ? [pager.model(at: place, context)].compactMap(\.self) : [],
            "hasNothingInCommon": runs.count > 1 && common.isEmpty && !isEmpty,
            "isLogarithmic": isLogarithmic, "isTime": axis == .time,
            "byStep": context.links(place, query.with(["x": nil])),
            "byTime": context.links(place, query.with(["x": "time"])),
            "linear": context.links(place, query.with(["scale": nil])),
            "logarithmic": context.links(place, query.with(["scale": "log"])),
        ]
    }

    /// The metrics that all runs have.
    private var common: Set<String> {
        runs.dropFirst().reduce(Set(runs.first?.history.metrics ?? [])) {
            $0.intersection($1.history.metrics)
        }
    }

    /// Metrics by what is before the first slash of their names; those that not all runs have come last.
    private var groups: [(title: String, metrics: [String])] {
        let all = Set(runs.flatMap(\.history.metrics))
        let common = common
        let rest = (title: "Only in some of the runs", metrics: all.subtracting(common).sorted())
        // A few need no order.
        guard common.count > 8 else { return [(title: "", metrics: common.sorted()), rest] }
        let kinds = Dictionary(grouping: common.sorted()) { metric in
            metric.contains("/") ? String(metric.prefix { $0 != "/" }).escapingControlCharacters() : ""
        }
        return kinds.sorted { $0.key < $1.key }.map { (title: $0.key, metrics: $0.value) }
            + [rest]
    }

    private func note(on chart: Chart) -> String {
        if chart.isLogarithmic, !chart.usesLogarithm { return "linear: not all values are above 0" }
        // In the order of the runs above.
        return "last " + chart.series.map { $0.points.last?.y.short ?? "–" }.joined(separator: " · ")
    }
}
