import ArgumentParser
import FoundationEssentials

/// What commands have in common that take systems through workloads.
struct TrialOptions: ParsableArguments {
    @Argument(help: "The folder of all workloads, as `make` leaves it")
    var folder: String

    @Option(name: .customLong("workload"), help: "Only this one; may be repeated")
    var workloads: [Workload] = []

    @Option(help: "How often each system is measured")
    var rounds = 3

    @Option(help: "Where systems may write; some gigabytes (default: FOLDER/scratch)")
    var scratch: String?

    @Option(help: "The raw results (default: FOLDER/COMMAND.jsonl)")
    var results: String?

    @Option(help: ArgumentHelp("Put the tables between the markers of this document", valueName: "file"))
    var write: String?

    @OptionGroup var program: ProgramOption

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("--rounds is at least 1") }
    }

    /// Takes each system that is installed through each workload.
    ///
    /// - Parameters:
    ///   - systems: Which.
    ///   - workloads: Which, unless the user says.
    ///   - variables: What scripts may refer to, beside `AMPHORA`.
    ///   - command: Names the file of raw results.
    /// - Returns: That file.
    /// - Throws: ``Failure`` if a workload or the program to measure is not there.
    func measure(
        _ systems: [System], with workloads: [Workload], variables: [String: String] = [:], command: String
    ) throws -> ResultFile {
        let folder = folder.absolutePath
        let files = try (self.workloads.isEmpty ? workloads : self.workloads).map {
            try WorkloadFiles($0, in: folder)
        }
        let scratch = scratch?.absolutePath ?? "\(folder)/scratch"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let variables = variables.merging(["AMPHORA": try program.path()]) { $1 }
        var machine = Machine(folder: scratch, coreCount: ProcessInfo.processInfo.activeProcessorCount)
        for system in systems {
            let version = Shell(folder: scratch, variables: variables).line(system.version)
            machine.versions[system.name] = version
            Console.write("\(system.name): \(version ?? "not installed")\n")
        }
        let rounds = Rounds(
            count: rounds, systems: systems.filter { machine.versions[$0.name] != nil }, scratch: scratch,
            variables: variables, results: ResultFile(path: results ?? "\(folder)/\(command).jsonl"))
        try rounds.results.begin(machine)
        for workload in files { try rounds.run(workload) }
        return rounds.results
    }
}
