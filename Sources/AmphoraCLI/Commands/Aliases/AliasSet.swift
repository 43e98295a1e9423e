import Amphora
import ArgumentParser

struct AliasSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Point an alias at a version, making it if there is none",
        discussion: """
            Examples:
              amphora alias set convnet:v3 best
            """)

    @Argument(help: "NAME, NAME:ALIAS or NAME:vN")
    var version: String

    @Argument(help: "The alias, for example best")
    var alias: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try global.openStore()
        let alias = try Alias(alias)
        let version = try store.version(version)
        let previous = try store.setAlias(alias, to: version)
        let from = try previous.flatMap { id in
            try store.versions(of: version.name.artifact).first { $0.commitID == id }
        }
        try global.output.write(
            [
                "alias": .string("\(version.name.artifact):\(alias)"),
                "version": .string(version.description),
                "previous": from.map { .string($0.description) } ?? .null,
            ],
            text: "\(version.name.artifact):\(alias) → \(version.name.number)"
                + (from.map { $0 == version ? " (as before)" : " (was \($0.name.number))" } ?? ""))
    }
}
