/// What is compared.
enum Quantity: Hashable {
    case seconds(Step)
    case cpuSeconds(Step)
    /// Bytes that a put added to the store, or a transfer to the other side.
    case growth(Step)
    /// Bytes that went over the wire, both ways.
    case wire(Step)
    /// Files that came to the other side.
    case files(Step)
    /// Bytes of memory at most, over all steps.
    case peak

    var name: String {
        switch self {
        case .seconds(let step): step.rawValue
        case .cpuSeconds(let step): "CPU \(step.rawValue)"
        case .growth(.putFirst): "stored"
        case .growth(let step): "growth, \(step.rawValue)"
        case .wire(let step): "wire, \(step.rawValue)"
        case .files(let step): "files, \(step.rawValue)"
        case .peak: "peak memory"
        }
    }

    /// - Parameter measurements: Of one system, workload and round.
    /// - Returns: `nil` if it was not measured.
    func value(in measurements: [Measurement]) -> Double? {
        let timed = measurements.filter { $0.wireByteCount == nil }
        func first(_ step: Step) -> Measurement? { timed.first { $0.step == step } }
        return switch self {
        case .seconds(let step): first(step)?.cost.seconds
        case .cpuSeconds(let step): first(step)?.cost.cpuSeconds
        case .growth(let step): first(step)?.growthByteCount.map(Double.init)
        case .wire(let step):
            measurements.first { $0.step == step && $0.wireByteCount != nil }?.wireByteCount.map(Double.init)
        case .files(let step): first(step)?.growthFileCount.map(Double.init)
        case .peak: timed.map { Double($0.cost.peakByteCount) }.max()
        }
    }
}
