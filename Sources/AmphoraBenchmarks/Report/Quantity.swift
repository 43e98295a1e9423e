/// What is compared.
enum Quantity: Hashable {
    case seconds(Step)
    case cpuSeconds(Step)
    /// Bytes that a put added to the store.
    case growth(Step)
    /// Bytes of memory at most, over all steps.
    case peak

    var name: String {
        switch self {
        case .seconds(let step): step.rawValue
        case .cpuSeconds(let step): "CPU \(step.rawValue)"
        case .growth(.putFirst): "stored"
        case .growth(let step): "growth, \(step.rawValue)"
        case .peak: "peak memory"
        }
    }

    /// - Parameter measurements: Of one system, workload and round.
    /// - Returns: `nil` if it was not measured.
    func value(in measurements: [Measurement]) -> Double? {
        switch self {
        case .seconds(let step): measurements.first { $0.step == step }?.cost.seconds
        case .cpuSeconds(let step): measurements.first { $0.step == step }?.cost.cpuSeconds
        case .growth(let step): measurements.first { $0.step == step }?.growthByteCount.map(Double.init)
        case .peak: measurements.map { Double($0.cost.peakByteCount) }.max()
        }
    }
}
