import AmphoraObjects
import AmphoraStore
import FoundationEssentials
import GRDB

extension Catalog {
    /// Whether all of it is as the refs are now.
    ///
    /// - Parameters:
    ///   - scopes: The refs that must be right.
    ///   - retriesDamaged: Whether what could not be read may have been mended.
    /// - Returns: Whether nothing has to be read again.
    /// - Throws: Database errors, and if refs cannot be read.
    func isFresh(_ scopes: [RefScope], retryingDamaged retriesDamaged: Bool) throws -> Bool {
        try (!retriesDamaged || damaged().isEmpty) && refs.isFresh(scopes)
    }

    /// Writes down what has changed.
    ///
    /// - Returns: How many refs have.
    func refresh(_ scopes: [RefScope]) throws -> Int {
        let changes = try refs.refresh(scopes)
        for (name, target) in changes { try replace(name, target.map { CommitID($0) }) }
        for (name, target) in try damaged() where changes[name] == nil { try replace(name, target) }
        if !changes.isEmpty { try note(changes.keys) }
        return changes.count
    }

    /// More changes than that, at once or one after the other, are not worth remembering one by one.
    private static let noteLimit = 500

    /// Begins another generation, and writes down which refs make it another.
    private func note(_ names: some Collection<RefName>) throws {
        try execute("UPDATE generation SET changes = changes + 1", [])
        if names.count > Self.noteLimit { try execute("UPDATE generation SET noted = changes", []) }
        for name in names.prefix(Self.noteLimit) {
            try execute(
                "INSERT OR REPLACE INTO changes SELECT ?, changes FROM generation", [name.rawValue])
        }
        try execute("UPDATE generation SET noted = max(noted, changes - ?)", [Self.noteLimit])
        try execute("DELETE FROM changes WHERE change <= (SELECT noted FROM generation)", [])
    }

    /// What could not be read when it was last tried.
    private func damaged() throws -> [(RefName, CommitID)] {
        var found: [(RefName, CommitID)] = []
        let versions = try rows("SELECT artifact, number, target FROM versions WHERE kind = 2")
        while let row = try versions.next() {
            let name = VersionName(try artifact(row, 0), VersionNumber(row[1]))
            found.append((.version(name), try commitID(row, 2)))
        }
        let runs = try rows("SELECT id, target FROM runs WHERE record IS NULL")
        while let row = try runs.next() { found.append((.run(try runID(row, 0)), try commitID(row, 1))) }
        return found
    }

    private func replace(_ name: RefName, _ target: CommitID?) throws {
        if let version = name.version {
            try replaceVersion(version, target)
        } else if let (artifact, alias) = name.alias {
            try execute(
                "DELETE FROM aliases WHERE artifact = ? AND alias = ?", [artifact.rawValue, alias.rawValue])
            guard let target else { return }
            try insert(into: "aliases", [artifact.rawValue, alias.rawValue, target.objectID.data])
        } else if let run = name.run {
            try replaceRun(run, target)
        }
    }

    private func replaceVersion(_ name: VersionName, _ target: CommitID?) throws {
        let key: [(any DatabaseValueConvertible)?] = [name.artifact.rawValue, name.number.rawValue]
        try execute("DELETE FROM versions WHERE artifact = ? AND number = ?", key)
        guard let target else { return }
        func insert(_ kind: Kind, _ facts: [(any DatabaseValueConvertible)?]) throws {
            try self.insert(into: "versions", key + [target.objectID.data, kind.rawValue] + facts)
        }
        switch store.entry(name, target, in: repository) {
        case .version(let version):
            try insert(
                .version,
                [
                    version.type.rawValue, version.treeID.objectID.data, version.signature.name,
                    version.signature.email, Int(version.signature.date.timeIntervalSince1970), version.note,
                    version.message.metadataText, version.fileCount, version.byteCount,
                    version.producerID?.rawValue, nil,
                ])
        case .tombstone(let tombstone):
            let signature = tombstone.signature
            try insert(
                .tombstone,
                [
                    tombstone.type.rawValue, nil, signature.name, signature.email,
                    Int(signature.date.timeIntervalSince1970), nil, nil, nil, nil, nil,
                    tombstone.deletedID.objectID.data,
                ])
        case .damaged:
            try insert(.damaged, Array(repeating: nil, count: 11))
        }
    }

    private func replaceRun(_ id: RunID, _ target: CommitID?) throws {
        try execute("DELETE FROM links WHERE run = ?", [id.rawValue])
        try execute("DELETE FROM runs WHERE id = ?", [id.rawValue])
        guard let target else { return }
        let document = try? RunDocument(target, in: repository)
        let record = document?.record
        try insert(
            into: "runs",
            [
                id.rawValue, target.objectID.data, record?.name, record?.project, record?.jobType,
                record?.state.rawValue, record?.created.timeIntervalSinceReferenceDate, record?.host,
                record?.processID.map { Int($0) }, record?.fields.canonical,
            ])
        for link in (document?.links ?? [:]).values {
            try insert(
                into: "links",
                [id.rawValue, link.commitID.objectID.data, link.artifact, link.role.rawValue])
        }
    }

    private func execute(_ sql: String, _ values: [(any DatabaseValueConvertible)?]) throws {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }

    private func insert(into table: String, _ values: [(any DatabaseValueConvertible)?]) throws {
        let places = Array(repeating: "?", count: values.count).joined(separator: ", ")
        try execute("INSERT INTO \(table) VALUES (\(places))", values)
    }
}
