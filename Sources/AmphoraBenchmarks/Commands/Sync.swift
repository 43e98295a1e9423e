import ArgumentParser

struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what it takes to bring versions to another machine",
        discussion: """
            Times a first push, a full clone, and a push and a fetch of the second version, beside git with the same \
            store and the peers that are installed, and counts bytes.

            Examples:
              amphora-bench sync workloads --python venv/bin/python
              amphora-bench sync workloads --size tiny --rounds 1
            """)

    @OptionGroup var trials: TrialOptions

    @OptionGroup var peers: PeerOptions

    @Option(help: "How large the weights are made if they are not there")
    var size = WorkloadSize.full

    func validate() throws { try peers.check(System.allExchanging) }

    func run() throws {
        if trials.workloads.isEmpty {
            _ = try Workload.weights.make(in: trials.folder.absolutePath, size: size, seed: Make.defaultSeed)
        }
        let file = try trials.measure(
            peers.chosen(of: System.allExchanging), with: [.weights], variables: peers.variables,
            command: "sync"
        )
        try Tables.show(file, writingTo: trials.write)
    }
}
