import Amphora
import ArgumentParser

struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a version's files into a folder",
        discussion: """
            Every file is verified and appears whole, by rename. What is in place is skipped, what was \
            changed is restored, other files stay unless --exact. Inside `amphora run` the version becomes an \
            input of that run. Prints the folder.

            Examples:
              amphora get mnist-raw                       into artifacts/mnist-raw:v3
              amphora get convnet:best --to models
              amphora get mnist-raw:v0 --path test --path labels.csv
            """)

    @Argument(help: "NAME, NAME:ALIAS or NAME:vN")
    var version: String

    @Option(help: "The folder (default: artifacts/NAME:vN)")
    var to: String?

    @Option(name: .customLong("path"), help: "Only this file or folder; may be repeated")
    var paths: [String] = []

    @Flag(help: "Remove files that the version does not have")
    var exact = false

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try content.openStore(global)
        let run = try CurrentRun.find(in: store)
        let version = try store.version(version)
        try run?.use(version)
        let download = try global.withProgress {
            try version.download(to: to, paths: paths, exact: exact, progress: $0)
        }
        let output = global.output
        let written =
            download.writtenFileCount == 0
            ? "\(Format.count(download.unchangedFileCount, "file")) in place"
            : "\(Format.count(download.writtenFileCount, "file")) written, \(Format.bytes(download.writtenByteCount))"
        let removed =
            download.removedFileCount == 0
            ? "" : ", \(Format.count(download.removedFileCount, "file")) removed"
        output.notice("\(version): \(written)\(removed)")
        try output.write(
            [
                "version": .string(version.description), "folder": .string(download.path),
                "written": .int(Int64(download.writtenFileCount)),
                "bytes": .int(Int64(download.writtenByteCount)),
                "unchanged": .int(Int64(download.unchangedFileCount)),
                "removed": .int(Int64(download.removedFileCount)),
            ], text: download.path)
    }
}
