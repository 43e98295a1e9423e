import Amphora

extension Page {
    /// All runs, the newest first.
    static func runs(_ context: PageContext) throws -> Page {
        let text = context.query["q"] ?? ""
        let search = SearchQuery(text)
        let all = context.catalogue.snapshot.runs
        let runs = all.reversed().filter { search.isEmpty || search.matches(SearchableRun(run: $0)) }
        let available = fieldKeys(of: all)
        let chosen = context.query.all("column").filter(available.contains)
        let shown = chosen.isEmpty ? newestMetrics(of: runs) : chosen
        var table = runTable(Array(runs), context, metrics: shown)
        table.identity = { $0.id.rawValue }
        return Page(
            title: "Runs", template: .runs, section: .runs,
            model: [
                "count": Format.count(all.count, "run"), "found": Format.number(runs.count),
                "isFiltered": !search.isEmpty, "filter": text, "address": context.links(.runs),
                "kept": context.keptByFilters,
                "choices": available.map { ["key": $0, "isChosen": shown.contains($0)] as Model },
                "table": try table.model(at: .runs, context), "comparison": context.links(.comparison),
                "isComparable": context.links.isLive && runs.count > 1,
                "filterExample": "train state=finished lr<=0.01", "hasChoices": !available.isEmpty,
                "isFilterable": context.links.isLive && !all.isEmpty, "isEmpty": all.isEmpty,
            ])
    }

    /// The fields that a table of runs can show, summary before config.
    private static func fieldKeys(of runs: [RunInfo]) -> [String] {
        var keys: Set<String> = []
        for run in runs.suffix(200) {
            keys.formUnion(run.record.summary.keys.lazy.map { "summary.\($0)" })
            keys.formUnion(run.record.config.keys.lazy.map { "config.\($0)" })
        }
        return keys.sorted { ($0.hasPrefix("c") ? 1 : 0, $0) < ($1.hasPrefix("c") ? 1 : 0, $1) }
    }

    /// The numbers in summaries that most runs have.
    static func keyMetrics(of runs: some Sequence<RunInfo>) -> [String] {
        var counts: [String: Int] = [:]
        for run in runs {
            for (key, value) in run.record.summary where value.number != nil { counts[key, default: 0] += 1 }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map { "summary.\($0.key)" }
    }

    /// The columns of a table of runs for which nobody has chosen others.
    static func newestMetrics(of runs: some Collection<RunInfo>) -> [String] {
        keyMetrics(of: runs.prefix(50))
    }

    static func runTable(_ runs: [RunInfo], _ context: PageContext, metrics: [String]) -> Table<RunInfo> {
        Table(
            columns: [
                Column(
                    key: "name", title: "Run", cell: { .link($0.title, .run($0.id, .overview)) },
                    sortKey: { .text($0.title) }),
                Column(
                    key: "state", title: "State", cell: { Cell(text: $0.state.rawValue, state: $0.state) },
                    sortKey: { .text($0.state.rawValue) }),
                Column(
                    key: "job", title: "Job type", cell: { .text($0.record.jobType) },
                    sortKey: { .text($0.record.jobType) }),
                Column(
                    key: "started", title: "Started", isNumber: true, cell: { .date($0.record.created) },
                    sortKey: { .date($0.record.created) }),
                Column(
                    key: "duration", title: "Duration", isNumber: true, cell: { .duration(of: $0) },
                    sortKey: { $0.duration.map { .number($0) } }),
            ]
                + metrics.map { field in
                    let value = { (run: RunInfo) in SearchableRun(run: run).searchValues(of: field).first }
                    return Column(
                        key: field, title: field.replacing(/^(summary|config)\./, with: ""),
                        isNumber: runs.lazy.prefix(20).compactMap(value).allSatisfy { $0.number != nil },
                        cell: { .value(value($0)) }, sortKey: { SortKey(value($0)) })
                },
            rows: runs, caption: "Runs")
    }
}
