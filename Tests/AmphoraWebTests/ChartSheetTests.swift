import Amphora
import Testing

@testable import AmphoraWeb

/// The charts of runs with many metrics.
@Suite struct ChartSheetTests {
    @Test func chartsBesideEachOtherHaveOneAxis() throws {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "train")
        for step in 0...100 { try run.log(metrics: ["loss": 0.95], step: step) }
        for step in [20, 40] {
            try run.log(metrics: ["accuracy": .double(Double(step) + 0.5)], step: step + 100)
        }
        try run.finish()
        let history = try MetricHistory(of: run.id, in: store.store)
        #expect(history.extent(against: .step) == 0...140)
        #expect(history.last == ["loss": 0.95, "accuracy": 40.5])
        let chart = Chart(
            title: "accuracy",
            series: [.init(name: "run", points: history.points(of: "accuracy", against: .step))],
            axis: "step", extent: history.extent(against: .step))
        // From the point at 120 of 140 to the end, and between ticks of `y` that are round.
        #expect(chart.svg.contains("points=\"443.4,"), "\(chart.svg)")
        #expect(chart.svg.contains(">20</text>") && chart.svg.contains(">45</text>"), "\(chart.svg)")
    }

    /// 0.05 is no binary fraction: twenty of them are not quite one.
    @Test(arguments: [(0.84, 0.99, ["0.85", "0.9", "0.95", "1"]), (0.1, 0.7, ["0.1", "0.3", "0.7"])])
    func everyTickHasItsNumber(low: Double, high: Double, ticks: [String]) {
        let points = [Chart.Point(x: 0, y: low), Chart.Point(x: 1, y: high)]
        let chart = Chart(title: "accuracy", series: [.init(name: "run", points: points)], axis: "step")
        for tick in ticks { #expect(chart.svg.contains(">\(tick)</text>"), "\(tick) of \(chart.svg)") }
    }

    @Test func whatWasLoggedLastStandsOnTheFirstPage() async throws {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "train")
        for step in 0..<3 {
            var metrics: [String: JSONValue] = ["loss": .double(1.5 - Double(step)), "accuracy": 0.25]
            for number in 0..<30 { metrics["other\(number)"] = 1 }
            try run.log(metrics: metrics, step: step)
        }
        try run.setSummary(["accuracy": 0.75])
        try run.finish()
        let page = try await store.get("/runs/\(run.id)")
        #expect(page.body.contains("<dt>loss</dt><dd>-0.5</dd>"))
        #expect(page.body.contains("<dt>accuracy</dt><dd>0.75</dd>"))
        // The summary is what counts.
        #expect(!page.body.contains("0.25"))
        #expect(page.body.contains("/charts\">All metrics</a>"))
    }

    @Test func manyMetricsComeInPartsAndCanBeFound() async throws {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "train")
        for step in 0..<3 {
            let metrics = (10..<70).map { ("kind\($0 % 3)/metric\($0)", JSONValue.int(Int64(step - 1))) }
            try run.log(metrics: Dictionary(uniqueKeysWithValues: metrics), step: step)
        }
        try run.finish()
        let charts = "/runs/\(run.id)/charts"
        let replies = try await store.getAll([
            charts, "\(charts)?page=3", "\(charts)?metric=metric12", "\(charts)?metric=kind0%2Fmetric12",
            "\(charts)?metric=nothing", "\(charts)?scale=log",
        ])
        #expect(replies.map { $0.body.ranges(of: "<figure>").count } == [24, 12, 1, 1, 0, 24])
        #expect(replies[0].body.contains("<h2>kind0</h2>"))
        #expect(replies[4].body.contains("No metric is called that"))
        #expect(replies[5].body.contains("linear: not all values are above 0"))
    }
}
