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

    @OptionGroup var peers: PeerOptions

    func validate() throws { try peers.check(System.all) }

    func run() throws {
        let file = try trials.measure(
            peers.chosen(of: System.all), with: Workload.allCases, variables: peers.variables,
            command: "compare")
        try Tables.show(file, writingTo: trials.write)
    }
}
