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
        let labels = try AliasLabels(in: store)
        let aliases = try artifact.map { try store.aliases(of: $0) } ?? store.allAliases()
        let isDisputed = aliases.contains { !labels.conflicts(of: $0.alias, $0.artifact).isEmpty }
        var table = TextTable(
            [.init("ALIAS", mayShrink: true), .init("VERSION")] + (isDisputed ? [.init("CONFLICT")] : []))
        let rows = aliases.map { alias in
            let version = numbers["\(alias.artifact) \(alias.target)"]
            let others = labels.conflicts(of: alias.alias, alias.artifact)
                .map { "\($0.remote): \(labels.text(of: $0))" }
            table.append(
                [
                    "\(alias.artifact):\(alias.alias)",
                    version.map { "\($0.number)" } ?? alias.target.abbreviated,
                ] + (isDisputed ? [others.joined(separator: ", ")] : []))
            return [
                "alias": .string("\(alias.artifact):\(alias.alias)"),
                "version": version.map { .string($0.description) } ?? .null,
                "commit": .string("\(alias.target)"),
                "conflicts": labels.json([alias.alias], of: alias.artifact),
            ] as JSONValue
        }
        try global.output.write(rows, table: table, ifEmpty: "No aliases yet.")
    }
}
