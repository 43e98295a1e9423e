import ArgumentParser

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time amphora beside cp, openssl and the peers that are installed",
        discussion: """
            Examples:
              amphora-bench compare workloads
              amphora-bench compare workloads --workload small --system git --system dvc --python venv/bin/python
              amphora-bench compare workloads --rounds 5 --write Docs/Performance.md
            """)

    @OptionGroup var trials: TrialOptions

    @Option(
        name: .customLong("system"),
        help: "Only this peer, beside amphora and the yardsticks; may be repeated")
    var peers: [String] = []

    @Option(help: "The Python that has the peers written in it")
    var python = "python3"

    func validate() throws {
        let known = System.all.map(\.name)
        if let unknown = peers.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "no system is called '\(unknown)': there are \(known.joined(separator: ", "))")
        }
    }

    func run() throws {
        let systems = System.all.filter {
            $0.role != .peer || peers.isEmpty || peers.contains($0.name)
        }
        let python = python.contains("/") ? python.absolutePath : python
        let file = try trials.measure(
            systems, with: Workload.allCases, variables: ["PYTHON": python], command: "compare")
        try Tables.show(file, writingTo: trials.write)
    }
}
