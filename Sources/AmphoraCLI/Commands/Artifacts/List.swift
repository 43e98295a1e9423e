import Amphora
import ArgumentParser

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List artifacts, or the versions of one",
        discussion: """
            Examples:
              amphora ls
              amphora ls --type model
              amphora ls mnist-raw
            """)

    @Argument(help: "An artifact, to list its versions")
    var name: String?

    @Option(help: "Only artifacts of this type")
    var type: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try global.openStore()
        if let name {
            try listVersions(of: ArtifactName(name), in: store)
        } else {
            try listArtifacts(in: store)
        }
    }

    private func listArtifacts(in store: Store) throws {
        let wanted = try type.map { try ArtifactType($0) }
        let aliases = Dictionary(grouping: try store.allAliases(), by: \.artifact)
        let artifacts = Dictionary(
            grouping: try store.allVersions(onDamage: { global.output.notice(of: $0) }), by: \.name.artifact
        ).values
            .compactMap { versions in
                versions.max { $0.name < $1.name }.map { (newest: $0, count: versions.count) }
            }
            .filter { wanted == nil || $0.newest.type == wanted }
            .sorted { $0.newest.name < $1.newest.name }
        var table = TextTable([
            .init("NAME", mayShrink: true), .init("TYPE"), .init("LATEST", .right), .init("VERSIONS", .right),
            .init("SIZE", .right), .init("CHANGED"), .init("ALIASES", mayShrink: true),
        ])
        let now = GlobalOptions.surroundings.now()
        let rows = artifacts.map { newest, count in
            let others = (aliases[newest.name.artifact] ?? []).map(\.alias).filter { $0 != .latest }
            table.append([
                newest.name.artifact.rawValue, newest.type.rawValue, "\(newest.name.number)", "\(count)",
                Format.bytes(newest.byteCount), Format.age(of: newest.created, now: now), others.list,
            ])
            return [
                "artifact": .string(newest.name.artifact.rawValue), "type": .string(newest.type.rawValue),
                "latest": .string(newest.description), "versions": .int(Int64(count)),
                "size": .int(Int64(newest.byteCount)), "changed_at": .string(Timestamp.text(newest.created)),
                "aliases": .array(others.map { .string($0.rawValue) }),
            ] as JSONValue
        }
        try global.output.write(
            rows, table: table,
            ifEmpty: wanted.map { "No artifacts of type '\($0)'." }
                ?? "No artifacts yet: `amphora put` logs one.")
    }

    private func listVersions(of artifact: ArtifactName, in store: Store) throws {
        let aliases = Dictionary(grouping: try store.aliases(of: artifact), by: \.target)
        var table = TextTable([
            .init("VERSION"), .init("ALIASES", mayShrink: true), .init("FILES", .right),
            .init("SIZE", .right), .init("CREATED (UTC)"), .init("DIGEST"),
        ])
        let rows = try store.versions(of: artifact, onDamage: { global.output.notice(of: $0) }).map {
            version in
            let aliases = (aliases[version.commitID] ?? []).map(\.alias)
            table.append([
                version.description, aliases.list, "\(version.fileCount)", Format.bytes(version.byteCount),
                Format.date(version.created), version.treeID.abbreviated,
            ])
            return version.json(aliases: aliases)
        }
        try global.output.write(rows, table: table, ifEmpty: "All versions of '\(artifact)' are deleted.")
    }
}
