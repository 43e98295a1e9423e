import Amphora
import Testing

@testable import AmphoraWeb

/// Pictures of metrics.
@Suite struct ChartTests {
    private func chart(_ values: [Double], isLogarithmic: Bool = false) -> String {
        let points = values.enumerated().map { Chart.Point(x: Double($0), y: $1) }
        return Chart(
            title: "loss", series: [.init(name: "run", points: points)], axis: "step",
            isLogarithmic: isLogarithmic
        ).svg
    }

    @Test func everyCurveIsDrawn() {
        #expect(chart([3, 2, 1]).contains("<polyline"))
        #expect(chart([5]).contains("<circle"))
        #expect(chart([]).isEmpty)
        #expect(chart([7, 7, 7]).contains("<polyline"))
        #expect(chart([1e-300, 1e300]).contains("<polyline"))
        #expect(chart([100, 10, 1, 0.1], isLogarithmic: true) != chart([100, 10, 1, 0.1]))
        // Zero has no logarithm: the scale stays linear.
        #expect(chart([1, 0], isLogarithmic: true) == chart([1, 0]))
        for svg in [chart([5]), chart([7, 7, 7]), chart([1e-300, 1e300])] {
            #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
    }

    @Test func manyPointsBecomeFewAndPeaksStay() {
        var points = (0..<100_000).map { Chart.Point(x: Double($0), y: 1) }
        points[51_234] = Chart.Point(x: 51_234, y: 99)
        let thinned = Chart.thinned(points, to: 400)
        #expect(thinned.count <= 400)
        #expect(thinned.contains { $0.y == 99 })
        #expect(thinned.first == points.first && thinned.last == points.last)
        #expect(thinned.map(\.x) == thinned.map(\.x).sorted())
    }

    @Test func aPageOfManyChartsStaysSmall() async throws {
        let store = try WebStore()
        let run = try store.store.startRun(project: "p", jobType: "train")
        for step in 0..<500 {
            let metrics = (0..<30).map {
                ("metric\($0)", JSONValue.int(Int64(step == 300 ? 77777 : step % 7)))
            }
            try run.log(metrics: Dictionary(uniqueKeysWithValues: metrics), step: step)
        }
        try run.finish()
        let replies = try await store.getAll(["/runs/\(run)/charts", "/runs/\(run)/charts?metric=metric29"])
        #expect(replies[0].body.ranges(of: "<svg").count == 24)
        #expect(replies[0].body.utf8.count < 50_000)
        // Peaks stay, and the others are a click away.
        #expect(replies[0].body.ranges(of: "300 77777").count == 24)
        #expect(replies[0].body.contains("/charts?page=2"))
        #expect(replies[1].body.ranges(of: "<svg").count == 1)
    }

    @Test(arguments: [
        (0.1, "0.1"), (0, "0"), (-3, "-3"), (1234567, "1234567"), (0.123456789, "0.123457"),
        (12345.678, "12345.7"),
        (1e-7, "1e-07"), (-0.5, "-0.5"), (1e20, "1e+20"),
    ])
    func numbersAreShort(_ number: Double, _ text: String) { #expect(number.short == text) }
}
