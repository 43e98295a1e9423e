import Amphora
import ArgumentParser

struct DiskUse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "du", abstract: "Show what each artifact and version costs",
        discussion: """
            SIZE is that of the files. ALONE and SHARED are bytes as they are stored: those that would be \
            freed if the version (or all versions of the artifact) were removed, and those that others need \
            too. Where not all content is here, ALONE and SHARED count what is, and WHOLE says of which \
            versions that is everything.

            Examples:
              amphora du
              amphora du mnist-raw
            """)

    @Argument(help: "An artifact, to show its versions")
    var name: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let store = try global.openStore()
        let artifact = try name.map { try ArtifactName($0) }
        // An error with similar names, if there is no such artifact.
        if let artifact { _ = try store.versions(of: artifact, onDamage: { _ in }) }
        let use = try store.storageUse(onDamage: { global.output.notice(of: $0) })
        if let artifact {
            let versions = use.artifacts.first { $0.artifact == artifact }?.versions ?? []
            try showVersions(versions, of: artifact)
        } else {
            try show(use)
        }
    }

    private func showVersions(_ versions: [StorageUse.VersionUse], of artifact: ArtifactName) throws {
        let isWhole = versions.allSatisfy(\.isWhole)
        var table = TextTable(
            [
                .init("VERSION"), .init("SIZE", .right), .init("ALONE", .right), .init("SHARED", .right),
                .init("CREATED (UTC)"),
            ] + (isWhole ? [] : [.init("WHOLE")]))
        let rows = versions.map { use in
            table.append(
                [
                    use.version.description, Format.bytes(use.version.byteCount),
                    Format.bytes(use.share.aloneByteCount), Format.bytes(use.share.sharedByteCount),
                    Format.date(use.version.created),
                ] + (isWhole ? [] : [use.isWhole ? "yes" : "no"]))
            return JSONValue.object(
                json(use.share).merging([
                    "version": .string(use.version.description),
                    "size": .int(Int64(use.version.byteCount)), "whole": .bool(use.isWhole),
                ]) { $1 })
        }
        try global.output.write(rows, table: table, ifEmpty: "All versions of '\(artifact)' are deleted.")
    }

    private func show(_ use: StorageUse) throws {
        let isWhole = use.artifacts.allSatisfy { $0.wholeCount == $0.versions.count }
        var table = TextTable(
            [
                .init("NAME", mayShrink: true), .init("VERSIONS", .right), .init("SIZE", .right),
                .init("ALONE", .right), .init("SHARED", .right),
            ] + (isWhole ? [] : [.init("WHOLE", .right)]))
        var rows = use.artifacts.map { artifact in
            table.append(
                [
                    artifact.artifact.rawValue, "\(artifact.versions.count)",
                    Format.bytes(artifact.byteCount), Format.bytes(artifact.share.aloneByteCount),
                    Format.bytes(artifact.share.sharedByteCount),
                ] + (isWhole ? [] : ["\(artifact.wholeCount)"]))
            return JSONValue.object(
                json(artifact.share).merging([
                    "artifact": .string(artifact.artifact.rawValue),
                    "versions": .int(Int64(artifact.versions.count)),
                    "whole_versions": .int(Int64(artifact.wholeCount)),
                    "size": .int(Int64(artifact.byteCount)),
                ]) { $1 })
        }
        rows.append([
            "total": [
                "versions": .int(Int64(use.versions.byteCount)), "others": .int(Int64(use.others.byteCount)),
                "unreachable": .int(Int64(use.unreachable.byteCount)),
                "overhead": .int(Int64(use.overheadByteCount)), "store": .int(Int64(use.totalByteCount)),
            ]
        ])
        guard !global.json else { return try global.output.write(rows, table: table, ifEmpty: "") }
        if !use.artifacts.isEmpty { try global.output.write(rows, table: table, ifEmpty: "") }
        try global.output.write(.null, text: Self.summary(of: use))
    }

    private static func summary(of use: StorageUse) -> String {
        let parts = [
            ("versions", use.versions.byteCount), ("runs and other refs", use.others.byteCount),
            ("unreachable", use.unreachable.byteCount), ("indexes, refs and logs", use.overheadByteCount),
        ]
        let text = parts.map { "\($0.0) \(Format.bytes($0.1))" }.joined(separator: ", ")
        return "\(Format.bytes(use.totalByteCount)) on disk: \(text)"
    }

    private func json(_ share: StorageUse.Share) -> [String: JSONValue] {
        ["alone": .int(Int64(share.aloneByteCount)), "shared": .int(Int64(share.sharedByteCount))]
    }
}
