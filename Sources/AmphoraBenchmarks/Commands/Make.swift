import ArgumentParser

struct Make: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the workloads",
        discussion: """
            The same seed and size make the same bytes on every machine. A workload that is there is left alone.
            """)

    static let defaultSeed: UInt64 = 7

    @Argument(help: "The folder of all workloads")
    var folder: String

    @Option(help: "How large: \(WorkloadSize.allCases.map(\.rawValue).joined(separator: ", "))")
    var size = WorkloadSize.full

    @Option(help: "What all random numbers come from")
    var seed = defaultSeed

    func run() throws {
        for workload in Workload.allCases {
            let start = ContinuousClock.now
            let isNew = try workload.make(in: folder, size: size, seed: seed)
            let seconds = start.duration(to: .now) / .seconds(1)
            Console.write("\(workload): \(isNew ? "made in \(seconds.text) s" : "there already")\n")
        }
    }
}
