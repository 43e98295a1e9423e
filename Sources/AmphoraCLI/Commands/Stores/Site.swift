import Amphora
import AmphoraWeb
import ArgumentParser

struct Site: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the pages of the store as files",
        discussion: """
            Writes what `amphora serve` shows into a folder, as pages that any web server shows, or a double click. \
            The folder is new, empty or has such a site, which is brought up to date; other files in it stay. Pages \
            that need a server are left out: search and the comparison of runs.

            Examples:
              amphora site public
              amphora site public --max-file-size 0
            """)

    @Argument(help: "The folder", completion: .directory)
    var folder: String

    @Option(
        help: ArgumentHelp(
            "Copy files that are no larger (default: 1M); images that runs have logged are always copied",
            valueName: "bytes"))
    var maxFileSize: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Only list the files of versions that have more (default: 1000)", valueName: "number"))
    var maxFiles: Int?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let maxFiles, maxFiles < 0 { throw ValidationError("--max-files is a number from 0") }
    }

    func run() async throws {
        let store = try global.openStore()
        // Pages tell how to get what is not here.
        store.contentSource = nil
        var limits = StaticSite.Limits()
        if let maxFileSize { limits.byteCount = maxFileSize.count }
        if let maxFiles { limits.fileCount = maxFiles }
        let output = global.output
        let site = StaticSite(store, try Project(of: store), limits)
        let outcome = try await output.withProgress { try await site.write(to: folder, progress: $0) }
        // What is wrong with many pages is mostly one thing.
        let problems = Dictionary(grouping: outcome.problems) { _, error in
            let report = ErrorReport(error)
            return ([report.message] + report.causes).joined(separator: ": ")
        }
        for (reason, group) in problems.sorted(by: { $0.key < $1.key }) {
            let paths = group.map(\.path).sorted()
            let more = paths.count > 1 ? " and \(Format.number(paths.count - 1)) more" : ""
            output.notice("\(paths[0])\(more): \(reason)")
        }
        let index = folder.hasSuffix("/") ? "\(folder)index.html" : "\(folder)/index.html"
        let copies = outcome.copyCount == 0 ? "" : ", \(Format.count(outcome.copyCount, "file"))"
        output.notice(
            "\(Format.count(outcome.pageCount, "page"))\(copies), \(Format.bytes(outcome.byteCount))")
        try output.write(
            [
                "index": .string(index), "pages": .int(Int64(outcome.pageCount)),
                "files": .int(Int64(outcome.copyCount)), "bytes": .int(Int64(outcome.byteCount)),
                "problems": .int(Int64(outcome.problems.count)),
            ], text: index)
    }
}

/// A number of bytes: `500`, `64k`, `1M`, `2GiB`; units are powers of 1024.
struct ByteCount: ExpressibleByArgument {
    let count: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let units = ["": 0, "b": 0, "k": 10, "m": 20, "g": 30, "t": 40]
        var unit = argument.dropFirst(digits.count).lowercased()
        for ending in ["ib", "b"] where unit.count > 1 && unit.hasSuffix(ending) {
            unit.removeLast(ending.count)
        }
        guard let number = Int(digits), let shift = units[unit], number <= Int.max >> shift else {
            return nil
        }
        count = number << shift
    }
}
