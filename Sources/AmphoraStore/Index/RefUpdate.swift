import AmphoraGit
import AmphoraObjects
import GRDB
import SystemPackage

/// A look at refs that writes down what it finds changed.
struct RefUpdate {
    private let index: RefIndex
    private let root: FileDescriptor
    private var database: Database { index.database }

    /// What refs pointed at before and point at now, of those that were touched.
    private(set) var changes: [RefName: (before: ObjectID?, after: ObjectID?)] = [:]

    init(_ index: RefIndex, _ root: FileDescriptor) {
        self.index = index
        self.root = root
    }

    /// Brings the refs in the folders in `folder` up to date.
    ///
    /// - Parameters:
    ///   - folder: `refs/tags` or `refs/heads`.
    ///   - known: The stamps that are remembered of it and of them.
    /// - Throws: Database errors; `FileError`.
    mutating func readNested(_ folder: String, known: [String: RefStamp]) throws {
        var inner = Set(known.keys).subtracting([folder])
        if index.stamp(of: folder, in: root) != known[folder] {
            let opened = try RefFolder(folder, in: root)
            var stamp = opened?.stamp
            try opened?.forEachEntry { entry in
                // What a link leads to may come and go unseen.
                if entry.stamp == .none { stamp = RefStamp.none }
                if entry.isFolder, (try? ArtifactName(entry.name)) != nil {
                    inner.insert("\(folder)/\(entry.name)")
                }
            }
            try remember(folder, stamp, known: known[folder])
        }
        for name in inner { try readFolder(name, known: known[name]) }
    }

    /// Brings the loose refs right in `folder` up to date.
    mutating func readFolder(_ folder: String, known: RefStamp?) throws {
        guard index.stamp(of: folder, in: root) != known else { return }
        let opened = try RefFolder(folder, in: root)
        var stamp = opened?.stamp
        var gone = try looseRefs(in: folder)
        var changed: [String] = []
        try opened?.forEachEntry { entry in
            guard !entry.isFolder else { return }
            let known = gone.removeValue(forKey: entry.name)
            if known == entry.stamp, entry.stamp != .none { return }
            if known != nil || RefScope.covers(RefName(existing: "\(folder)/\(entry.name)")) {
                changed.append(entry.name)
            }
        }
        for name in changed + gone.keys {
            let old = try ref(folder, name) ?? KnownRef()
            var new = old
            new.loose = .absent
            if let file = opened?.read(name) {
                let target = file.target ?? odd(RefName(existing: "\(folder)/\(name)"))
                new.loose = target.map { .target($0) } ?? .unreadable
                new.stamp = file.stamp
                // What is no plain ref may point elsewhere without a change here.
                if file.target == nil { stamp = RefStamp.none }
            }
            try replace(folder, name, old, with: new)
        }
        try remember(folder, stamp, known: known)
    }

    /// Brings the packed refs up to date.
    mutating func readPackedRefs() throws {
        let path = RefIndex.packedRefs
        let known = try index.remembered(path)
        guard index.stamp(of: path, in: root) != known else { return }
        let time = FileStatus.now()
        var rest: [String: ObjectID] = [:]
        var stamp: RefStamp?
        if let file = try PackedRefsFile(path, in: root) {
            stamp = RefStamp(file.status, lookedAt: time)
            rest = try file.refs(below: [RefName.versions, RefName.aliases, RefName.runs])
        }
        var found: [(folder: String, name: String, old: KnownRef, new: KnownRef)] = []
        let rows = try Row.fetchCursor(
            database, sql: "SELECT folder, name, \(KnownRef.columns) FROM refs WHERE packed IS NOT NULL")
        while let row = try rows.next() {
            let (folder, name): (String, String) = (row[0], row[1])
            let old = try KnownRef(row, at: 2)
            let packed = rest.removeValue(forKey: "\(folder)/\(name)")
            guard packed != old.packed else { continue }
            var new = old
            new.packed = packed
            found.append((folder, name, old, new))
        }
        for (path, packed) in rest where RefScope.covers(RefName(existing: path)) {
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { continue }
            let (folder, name) = (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
            let old = try ref(folder, name) ?? KnownRef()
            var new = old
            new.packed = packed
            found.append((folder, name, old, new))
        }
        for ref in found { try replace(ref.folder, ref.name, ref.old, with: ref.new) }
        try remember(path, stamp, known: known)
    }

    /// What a symbolic ref, or anything else that is no plain file, points at.
    private func odd(_ name: RefName) -> ObjectID? {
        try? ReferenceStore(index.repository).target(of: name)
    }

    private func looseRefs(in folder: String) throws -> [String: RefStamp] {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT name, inode, changed FROM refs WHERE folder = ? AND loose IS NOT NULL",
            arguments: [folder])
        var refs: [String: RefStamp] = [:]
        while let row = try rows.next() { refs[row[0]] = RefStamp(row, at: 1) }
        return refs
    }

    private func ref(_ folder: String, _ name: String) throws -> KnownRef? {
        let statement = try database.cachedStatement(
            sql: "SELECT \(KnownRef.columns) FROM refs WHERE folder = ? AND name = ?")
        return try Row.fetchOne(statement, arguments: [folder, name]).map { try KnownRef($0, at: 0) }
    }

    private mutating func replace(_ folder: String, _ name: String, _ old: KnownRef, with new: KnownRef)
        throws
    {
        let ref = RefName(existing: "\(folder)/\(name)")
        changes[ref] = (changes[ref].map(\.before) ?? old.target, new.target)
        if new.loose == .absent, new.packed == nil {
            try database.cachedStatement(sql: "DELETE FROM refs WHERE folder = ? AND name = ?")
                .execute(arguments: [folder, name])
        } else {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO refs VALUES (?, ?, ?, ?, ?, ?)")
                .execute(arguments: StatementArguments([folder, name] + new.values))
        }
    }

    /// Remembers the stamp of a folder or file, `nil` if there is none.
    private func remember(_ path: String, _ stamp: RefStamp?, known: RefStamp?) throws {
        if stamp == known { return }
        if let stamp {
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO folders VALUES (?, ?, ?)")
                .execute(arguments: [path, stamp.inode, stamp.changed])
        } else {
            try database.cachedStatement(sql: "DELETE FROM folders WHERE path = ?").execute(arguments: [path])
        }
    }
}
