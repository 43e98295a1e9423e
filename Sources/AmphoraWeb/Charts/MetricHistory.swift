import Amphora

/// The metrics of a run, as columns of numbers: of very long ones some, with all peaks.
struct MetricHistory: Sendable {
    /// What values stand over.
    enum Axis: Hashable {
        case step, time

        var title: String { self == .step ? "step" : "seconds" }
    }

    /// The most values of a metric that are kept.
    private static let lengthLimit = 1000

    /// Sorted.
    let metrics: [String]
    private var values: [String: [(step: Double, time: Double, value: Double)]] = [:]

    /// Reads all that was logged.
    ///
    /// - Throws: `NotInStore`, `ContentAbsent`.
    init(of id: RunID, in store: Store) throws {
        var start: Double?
        var values: [String: [(step: Double, time: Double, value: Double)]] = [:]
        try store.history(of: id) { line in
            let time = line["_time"]?.number ?? 0
            start = start ?? time
            for (key, value) in line.object ?? [:] where !key.hasPrefix("_") {
                guard let number = value.number, number.isFinite else { continue }
                values[key, default: []].append((line["_step"]?.number ?? 0, time - (start ?? 0), number))
            }
        }
        self.values = values.mapValues { $0.thinned(to: Self.lengthLimit, by: \.value) }
        metrics = values.keys.sorted()
    }

    /// The last value of each metric.
    var last: [String: Double] { values.compactMapValues { $0.last?.value } }

    /// From where to where all metrics together go.
    func extent(against axis: Axis) -> ClosedRange<Double>? {
        let ends = values.values.flatMap { points in
            [points.first, points.last].compactMap { point in point.map { axis == .step ? $0.step : $0.time }
            }
        }
        guard let low = ends.min(), let high = ends.max() else { return nil }
        return low...high
    }

    /// The values of one metric.
    func points(of metric: String, against axis: Axis) -> [Chart.Point] {
        (values[metric] ?? []).map { Chart.Point(x: axis == .step ? $0.step : $0.time, y: $0.value) }
    }
}
