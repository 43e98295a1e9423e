import Amphora
import Testing

@testable import AmphoraWeb

/// The charts of runs with many metrics.
@Suite struct ChartSheetTests {
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
