import Amphora

/// The metrics of a run, as columns of numbers.
struct MetricHistory {
    /// What values stand over.
    enum Axis: Hashable {
        case step, time

        var title: String { self == .step ? "step" : "seconds" }
    }

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
        self.values = values
        metrics = values.keys.sorted()
    }

    /// The values of one metric.
    func points(of metric: String, against axis: Axis) -> [Chart.Point] {
        (values[metric] ?? []).map { Chart.Point(x: axis == .step ? $0.step : $0.time, y: $0.value) }
    }
}
