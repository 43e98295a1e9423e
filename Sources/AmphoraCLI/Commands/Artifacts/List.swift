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
        let labels = try AliasLabels(in: store)
        let strays = Dictionary(grouping: try store.strayTypes(), by: \.version.artifact)
        let types = { (artifact: ArtifactSummary) -> [ArtifactType] in
            guard let strays = strays[artifact.name] else { return [artifact.newest.type] }
            return [strays[0].artifactType] + Set(strays.map(\.type)).sorted { $0.rawValue < $1.rawValue }
        }
        let artifacts = try store.artifacts(onDamage: { global.output.notice(of: $0) })
            .filter { wanted.map(types($0).contains) ?? true }
        var table = TextTable([
            .init("NAME", mayShrink: true), .init("TYPE"), .init("LATEST", .right), .init("VERSIONS", .right),
            .init("SIZE", .right), .init("CHANGED"), .init("ALIASES", mayShrink: true),
        ])
        let now = GlobalOptions.surroundings.now()
        let rows = artifacts.map { artifact in
            let newest = artifact.newest
            let others = (aliases[newest.name.artifact] ?? []).map(\.alias).filter { $0 != .latest }
            table.append([
                newest.name.artifact.rawValue, types(artifact).map(\.rawValue).joined(separator: ", "),
                "\(newest.name.number)",
                "\(artifact.versionCount)",
                Format.bytes(newest.byteCount), Format.age(of: newest.created, now: now),
                labels.list(others, of: newest.name.artifact),
            ])
            return [
                "artifact": .string(newest.name.artifact.rawValue),
                "type": .string(types(artifact)[0].rawValue),
                "other_types": .array(types(artifact).dropFirst().map { .string($0.rawValue) }),
                "latest": .string(newest.description), "versions": .int(Int64(artifact.versionCount)),
                "size": .int(Int64(newest.byteCount)), "changed_at": .string(Timestamp.text(newest.created)),
                "aliases": .array(others.map { .string($0.rawValue) }),
                "conflicts": labels.json(others, of: newest.name.artifact),
            ] as JSONValue
        }
        try global.output.write(
            rows, table: table,
            ifEmpty: wanted.map { "No artifacts of type '\($0)'." }
                ?? "No artifacts yet: `amphora put` logs one.")
    }

    private func listVersions(of artifact: ArtifactName, in store: Store) throws {
        let known = Dictionary(grouping: try store.aliases(of: artifact), by: \.target)
        let aliases = { (version: Version) in (known[version.commitID] ?? []).map(\.alias) }
        let versions = try store.versions(of: artifact, onDamage: { global.output.notice(of: $0) })
        let labels = try AliasLabels(in: store)
        let table = table(of: versions) { labels.list(aliases($0), of: artifact) }
        try global.output.write(
            versions.map { $0.json(aliases: aliases($0), labels) }, table: table,
            ifEmpty: "All versions of '\(artifact)' are deleted.")
        global.output.tell(try store.strayTypes(of: artifact))
    }

    private func table(of versions: [Version], aliases: (Version) -> String) -> TextTable {
        var table = TextTable([
            .init("VERSION"), .init("ALIASES", mayShrink: true), .init("FILES", .right),
            .init("SIZE", .right), .init("CREATED (UTC)"), .init("DIGEST"),
        ])
        for version in versions {
            table.append([
                version.description, aliases(version), "\(version.fileCount)",
                Format.bytes(version.byteCount), Format.date(version.created), version.treeID.abbreviated,
            ])
        }
        return table
    }
}
