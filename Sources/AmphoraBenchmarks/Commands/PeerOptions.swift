import ArgumentParser

/// Which of the peers are measured, and where some of them are.
struct PeerOptions: ParsableArguments {
    @Option(
        name: .customLong("system"),
        help: "Only this peer, beside amphora and the yardsticks; may be repeated")
    var peers: [String] = []

    @Option(help: "The Python that has the peers written in it")
    var python = "python3"

    /// What scripts may refer to.
    var variables: [String: String] { ["PYTHON": python.contains("/") ? python.absolutePath : python] }

    /// - Throws: `ValidationError` if a name is none of them.
    func check(_ systems: [System]) throws {
        let known = systems.map(\.name)
        if let unknown = peers.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "no system is called '\(unknown)': there are \(known.joined(separator: ", "))")
        }
    }

    func chosen(of systems: [System]) -> [System] {
        systems.filter { $0.role != .peer || peers.isEmpty || peers.contains($0.name) }
    }
}
