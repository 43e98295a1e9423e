import ArgumentParser

struct Tables: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the tables from raw results again")

    @Argument(help: "What `compare` or `sync` has written")
    var results: String

    @Option(help: ArgumentHelp("Put the tables between the markers of this document", valueName: "file"))
    var write: String?

    func run() throws { try Self.show(ResultFile(path: results), writingTo: write) }

    /// Prints the tables, and puts them into a document if one is named.
    static func show(_ file: ResultFile, writingTo document: String?) throws {
        let (machine, measurements) = try file.read()
        let isSync = measurements.contains { Step.syncing.contains($0.step) }
        try show(
            isSync
                ? SyncReport(machine: machine, measurements: measurements).parts
                : Report(machine: machine, measurements: measurements).parts,
            writingTo: document)
    }

    static func show(_ parts: [(name: String, content: String)], writingTo document: String?) throws {
        for part in parts { Console.write("\n\(part.content)") }
        if let document { try MarkedDocument.update(parts, in: document) }
    }
}
