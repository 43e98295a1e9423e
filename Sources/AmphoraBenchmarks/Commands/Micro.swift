import ArgumentParser
import FoundationEssentials

struct Micro: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the parts that a put and a get are made of, on one core")

    @Option(help: "How much each part works on, in MiB")
    var size = 64

    @Option(help: "How often each part is measured")
    var rounds = 7

    @Option(help: ArgumentHelp("Put the table between the markers of this document", valueName: "file"))
    var write: String?

    @OptionGroup var program: ProgramOption

    func validate() throws {
        guard size > 0, rounds > 0 else { throw ValidationError("--size and --rounds are at least 1") }
    }

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "amphora-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var table = MarkdownTable(titles: ["part", "MB/s"])
        for part in try Microbenchmark.all(byteCount: size << 20, folder: folder.path) {
            let rate = try part.bytesPerSecond(rounds: rounds) / 1_000_000
            Console.write("\(part.name): \(rate.text) MB/s\n")
            table.rows.append([part.name, rate.text])
        }
        let start = try startSeconds(in: folder.path) * 1000
        let text =
            "\(table.text)\n`amphora --version`, the start of every command: \(start.text) ms (target: 20 ms).\n"
        try Tables.show([("micro", text)], writingTo: write)
    }

    /// The median over more rounds than others have: it is short.
    private func startSeconds(in folder: String) throws -> Double {
        let start = MeasuredProcess(
            arguments: [try program.path(), "--version"], folder: folder, environment: [:])
        return try (0..<(3 * rounds)).map { _ in try start.run().cost.seconds }.median ?? 0
    }
}
