/// The measurements of one workload, by round and system.
struct Summary {
    let workload: Workload
    /// In the order in which they first came.
    let systems: [String]
    let roundCount: Int
    let sourceByteCount: Int
    /// Of each round, the measurements of each system.
    private let rounds: [[String: [Measurement]]]

    /// - Parameters:
    ///   - workload: Which is summed up.
    ///   - measurements: Of any workloads.
    init(_ workload: Workload, _ measurements: [Measurement]) {
        self.workload = workload
        let own = measurements.filter { $0.workload == workload }
        systems = own.map(\.system).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        let byRound = Dictionary(grouping: own, by: \.round)
        rounds = byRound.keys.sorted().map { Dictionary(grouping: byRound[$0] ?? [], by: \.system) }
        roundCount = rounds.count
        sourceByteCount = own.first { $0.step.version == 1 }?.sourceByteCount ?? 0
    }

    /// What was measured, and how often.
    var introduction: String {
        let mebibytes = (Double(sourceByteCount) / 0x1p20).text(decimals: 0)
        let rounds = roundCount == 1 ? "One round" : "Medians of \(roundCount) rounds"
        return "\(mebibytes) MiB: \(workload.explanation). \(rounds)."
    }

    /// The median over the rounds.
    func median(_ quantity: Quantity, of system: String) -> Double? {
        rounds.compactMap { $0[system].flatMap { quantity.value(in: $0) } }.median
    }

    /// How many times the value of another system's, each time of the same round: the median.
    func ratio(_ quantity: Quantity, of system: String, to other: String) -> Double? {
        ratio(quantity, of: system, toLeastOf: [other])
    }

    /// How many times the least of the others' values, each time of the same round: the median.
    ///
    /// - Parameters:
    ///   - quantity: What is compared.
    ///   - system: Whose value.
    ///   - others: Those that have not measured it count for nothing.
    /// - Returns: `nil` if it was never measured on both sides.
    func ratio(_ quantity: Quantity, of system: String, toLeastOf others: [String]) -> Double? {
        rounds.compactMap { round in
            let reference = others.compactMap { round[$0].flatMap { quantity.value(in: $0) } }.min()
            guard let reference, reference > 0, let own = round[system].flatMap({ quantity.value(in: $0) })
            else { return nil }
            return own / reference
        }.median
    }
}
