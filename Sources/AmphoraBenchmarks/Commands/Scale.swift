import ArgumentParser
import FoundationEssentials

struct Scale: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time amphora on one core, two, and so on up to all",
        discussion: "Pins it with taskset, which Linux has. Doubles the number of cores with each system.")

    @OptionGroup var trials: TrialOptions

    func run() throws {
        let all = ProcessInfo.processInfo.activeProcessorCount
        var counts = Array(sequence(first: 1) { $0 * 2 < all ? $0 * 2 : nil })
        if all > 1 { counts.append(all) }
        let file = try trials.measure(
            counts.map { System.amphora(cores: $0) }, with: [.weights], command: "scale")
        let measurements = try file.read().measurements
        let tables = Workload.allCases.filter { workload in
            measurements.contains { $0.workload == workload }
        }.map { CoresTable.text($0, measurements) }
        guard !tables.isEmpty else { throw Failure("nothing was measured: is taskset installed?") }
        try Tables.show([("cores", tables.joined(separator: "\n"))], writingTo: trials.write)
    }
}
