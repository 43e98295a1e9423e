import Amphora
import ArgumentParser

struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the history of an artifact, the newest version first",
        discussion: """
            Examples:
              amphora log mnist-raw
            """)

    @Argument(help: "The artifact's name")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try global.openStore()
        let artifact = try ArtifactName(name)
        let aliases = Dictionary(grouping: try store.aliases(of: artifact), by: \.target)
        let labels = try AliasLabels(in: store)
        let jobTypes = try store.jobTypes()
        var table = TextTable([
            .init("VERSION", .right), .init("ALIASES", mayShrink: true), .init("CREATED (UTC)"),
            .init("SIZE", .right),
            .init("RUN", mayShrink: true), .init("DESCRIPTION", mayShrink: true),
        ])
        var rows: [(number: VersionNumber, cells: [String], json: () -> JSONValue)] = []
        for version in try store.versions(of: artifact, onDamage: { global.output.notice(of: $0) }) {
            let aliases = (aliases[version.commitID] ?? []).map(\.alias)
            let run = version.producerID.map { id in
                jobTypes[id].map { "\($0) \(id)" } ?? id.rawValue
            }
            rows.append(
                (
                    version.name.number,
                    [
                        "\(version.name.number)", labels.list(aliases, of: artifact),
                        Format.date(version.created),
                        Format.bytes(version.byteCount), run ?? "", version.subject,
                    ], { version.json(aliases: aliases, labels) }
                ))
        }
        for tombstone in try store.tombstones(of: artifact) {
            let date = tombstone.signature.date
            rows.append(
                (
                    tombstone.name.number,
                    [
                        "\(tombstone.name.number)", "", Format.date(date), "", "",
                        "deleted by \(tombstone.signature.person)",
                    ],
                    { tombstone.json }
                ))
        }
        rows.sort { $0.number > $1.number }
        for row in rows { table.append(row.cells) }
        try global.output.write(rows.map { $0.json() }, table: table, ifEmpty: "No versions.")
    }
}
