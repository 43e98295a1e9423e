import Amphora
import ArgumentParser

struct AliasList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List aliases and the versions they point at")

    @Argument(help: "An artifact (default: all)")
    var name: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try global.openStore()
        let artifact = try name.map { try ArtifactName($0) }
        let versions = try artifact.map { try store.versions(of: $0) } ?? store.allVersions()
        let numbers = Dictionary(versions.map { ("\($0.name.artifact) \($0.commitID)", $0.name) }) {
            max($0, $1)
        }
        var table = TextTable([.init("ALIAS", mayShrink: true), .init("VERSION")])
        let rows = try (artifact.map { try store.aliases(of: $0) } ?? store.allAliases()).map { alias in
            let version = numbers["\(alias.artifact) \(alias.target)"]
            table.append([
                "\(alias.artifact):\(alias.alias)",
                version.map { "\($0.number)" } ?? alias.target.abbreviated,
            ])
            return [
                "alias": .string("\(alias.artifact):\(alias.alias)"),
                "version": version.map { .string($0.description) } ?? .null,
                "commit": .string("\(alias.target)"),
            ] as JSONValue
        }
        try global.output.write(rows, table: table, ifEmpty: "No aliases yet.")
    }
}
