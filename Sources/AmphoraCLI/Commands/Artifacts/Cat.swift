import Amphora
import ArgumentParser

struct Cat: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write one file of a version to standard output",
        discussion: """
            Inside `amphora run` the version becomes an input of that run.

            Examples:
              amphora cat mnist-raw labels.csv | head
            """)

    @Argument(help: "NAME, NAME:ALIAS or NAME:vN")
    var version: String

    @Argument(help: "The file's path in the version")
    var path: String

    @OptionGroup var content: ContentOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try content.openStore(global)
        let version = try store.version(version)
        try CurrentRun.find(in: store)?.use(version)
        try version.read(path) { try Output.write($0) }
    }
}
