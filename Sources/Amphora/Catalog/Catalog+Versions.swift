import AmphoraObjects
import AmphoraStore
import FoundationEssentials
import GRDB

extension Catalog {
    /// The names of all artifacts, sorted.
    func artifactNames() throws -> [ArtifactName] {
        let rows = try rows("SELECT DISTINCT artifact FROM versions ORDER BY artifact")
        var names: [ArtifactName] = []
        while let row = try rows.next() { names.append(try artifact(row, 0)) }
        return names
    }

    /// The numbers of an artifact's versions and tombstones, in order.
    func numbers(of artifact: ArtifactName) throws -> [VersionNumber] {
        let rows = try rows(
            "SELECT number FROM versions WHERE artifact = ? ORDER BY number", [artifact.rawValue])
        var numbers: [VersionNumber] = []
        while let row = try rows.next() { numbers.append(VersionNumber(row[0])) }
        return numbers
    }

    /// What the next version of an artifact depends on.
    struct Head {
        /// That of its first version.
        var type: ArtifactType?
        /// The highest number ever given.
        var highest: VersionNumber?
        /// The newest version that is not deleted; one that cannot be read may be a version.
        var newest: (name: VersionName, target: CommitID)?
    }

    func head(of artifact: ArtifactName) throws -> Head {
        let condition = "FROM versions WHERE artifact = ? AND"
        let first = try rows(
            "SELECT type \(condition) type IS NOT NULL ORDER BY number LIMIT 1", [artifact.rawValue])
        var head = Head()
        head.type = try first.next().map { row in try orDamaged { try ArtifactType(row[0]) } }
        let last = try rows(
            "SELECT number \(condition) number >= 0 ORDER BY number DESC LIMIT 1", [artifact.rawValue])
        head.highest = try last.next().map { VersionNumber($0[0]) }
        let newest = try rows(
            "SELECT number, target \(condition) kind <> 1 ORDER BY number DESC LIMIT 1", [artifact.rawValue])
        head.newest = try newest.next().map { row in
            (VersionName(artifact, VersionNumber(row[0])), try commitID(row, 1))
        }
        return head
    }

    /// The versions whose type is not that of their artifact, or of all artifacts, sorted.
    func strayTypes(of artifact: ArtifactName?) throws -> [StrayType] {
        let mixed = try rows(
            """
            SELECT artifact FROM versions \(artifact == nil ? "" : "WHERE artifact = ?")
            GROUP BY artifact HAVING min(type) <> max(type)
            """, artifact.map { [$0.rawValue] } ?? [])
        var artifacts: [ArtifactName] = []
        while let row = try mixed.next() { artifacts.append(try self.artifact(row, 0)) }
        return try artifacts.sorted().flatMap { artifact in
            guard let type = try head(of: artifact).type else { return [StrayType]() }
            return try entries(of: artifact).compactMap(\.version).filter { $0.type != type }
                .map { StrayType(version: $0.name, type: $0.type, artifactType: type) }
        }
    }

    /// The name by which an artifact knows a commit, the highest number if there are several.
    func name(of commitID: CommitID, in artifact: ArtifactName) throws -> VersionName? {
        let rows = try rows(
            "SELECT number FROM versions WHERE target = ? AND artifact = ? ORDER BY number DESC LIMIT 1",
            [commitID.objectID.data, artifact.rawValue])
        return try rows.next().map { VersionName(artifact, VersionNumber($0[0])) }
    }

    /// The versions and tombstones of one artifact, or of all, sorted by name.
    func entries(of artifact: ArtifactName? = nil) throws -> [VersionEntry] {
        try entries(artifact == nil ? "1" : "artifact = ?", artifact.map { [$0.rawValue] } ?? [])
    }

    /// The tombstones of an artifact, in the order of their numbers.
    func tombstones(of artifact: ArtifactName) throws -> [Tombstone] {
        try entries("artifact = ? AND kind = 1", [artifact.rawValue]).compactMap(\.tombstone)
    }

    /// The newest version of each artifact that is not deleted, and how many there are; and what is damaged.
    func newestVersions() throws -> (newest: [(Version, count: Int)], damaged: [VersionDamaged]) {
        var damaged: [VersionDamaged] = []
        var counts: [(name: VersionName, count: Int)] = []
        let rows = try rows(
            "SELECT artifact, number, target, kind FROM versions WHERE kind <> 1 ORDER BY artifact, number")
        var last: (text: String, name: ArtifactName)?
        while let row = try rows.next() {
            let text: String = row[0]
            let name = VersionName(
                try last.flatMap { $0.text == text ? $0.name : nil } ?? artifact(row, 0),
                VersionNumber(row[1]))
            last = (text, name.artifact)
            let target = try commitID(row, 2)
            if row[3] == Kind.damaged.rawValue || !isHere(target),
                case .damaged(let damage) = store.entry(name, target, in: repository)
            {
                damaged.append(damage)
            } else if counts.last?.name.artifact == name.artifact {
                counts[counts.count - 1] = (name, counts[counts.count - 1].count + 1)
            } else {
                counts.append((name, 1))
            }
        }
        let newest = try counts.compactMap { name, count in
            try entry(name)?.version.map { ($0, count) }
        }
        return (newest, damaged)
    }

    /// The versions with this commit, and the tombstones of what had it, sorted by name.
    func entries(called commitID: CommitID) throws -> [VersionEntry] {
        let id = commitID.objectID.data
        return try entries("target = ? OR deleted = ?", [id, id])
    }

    /// What a version's tag points at, or `nil` if there is none.
    func entry(_ name: VersionName) throws -> VersionEntry? {
        try entries("artifact = ? AND number = ?", [name.artifact.rawValue, name.number.rawValue]).first
    }

    private func entries(_ condition: String, _ arguments: StatementArguments) throws -> [VersionEntry] {
        let rows = try rows("SELECT * FROM versions WHERE \(condition) ORDER BY artifact, number", arguments)
        var reader = VersionReader(self)
        var entries: [VersionEntry] = []
        while let row = try rows.next() { entries.append(try reader.entry(row)) }
        return entries
    }
}

/// Reads rows of the table of versions; most have the name and type of the row before.
private struct VersionReader {
    private let catalog: Catalog
    private var artifact: (text: String, name: ArtifactName)?
    private var type: (text: String, type: ArtifactType)?

    init(_ catalog: Catalog) { self.catalog = catalog }

    mutating func entry(_ row: Row) throws -> VersionEntry {
        let name = VersionName(try artifact(row[0]), VersionNumber(row[1]))
        let target = try catalog.commitID(row, 2)
        guard let kind = Catalog.Kind(rawValue: row[3]), kind != .damaged, catalog.isHere(target) else {
            return catalog.store.entry(name, target, in: catalog.repository)
        }
        let type = try type(row[4])
        let signature = Signature(read: row[6], email: row[7], seconds: row[8])
        if kind == .tombstone {
            return .tombstone(
                Tombstone(
                    name: name, type: type, deletedID: try catalog.commitID(row, 14), signature: signature))
        }
        let message = VersionMessage(
            read: name.artifact, type: type, description: row[9], metadataText: row[10], fileCount: row[11],
            byteCount: row[12], runID: row.hasNull(atIndex: 13) ? nil : try catalog.runID(row, 13))
        return .version(
            Version(
                name: name, commitID: target, treeID: TreeID(try catalog.objectID(row, 5)),
                signature: signature,
                message: message, store: catalog.store))
    }

    private mutating func artifact(_ text: String) throws -> ArtifactName {
        if let artifact, artifact.text == text { return artifact.name }
        let name = try catalog.orDamaged { try ArtifactName(text) }
        artifact = (text, name)
        return name
    }

    private mutating func type(_ text: String) throws -> ArtifactType {
        if let type, type.text == text { return type.type }
        let type = try catalog.orDamaged { try ArtifactType(text) }
        self.type = (text, type)
        return type
    }
}
