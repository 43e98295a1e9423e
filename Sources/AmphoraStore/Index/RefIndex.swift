package import AmphoraGit
package import AmphoraObjects
package import GRDB
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The refs of artifacts and runs as the index remembers them, and what tells whether they are still so.
///
/// A folder that has not changed since it was listed is not listed again, and in one that has changed only the
/// files that have changed are read.
package struct RefIndex {
    package static let schema = """
        CREATE TABLE folders (
            path TEXT PRIMARY KEY, inode INTEGER NOT NULL, changed INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE refs (
            folder TEXT NOT NULL, name TEXT NOT NULL, loose BLOB, inode INTEGER, changed INTEGER, packed BLOB,
            PRIMARY KEY (folder, name)
        ) WITHOUT ROWID;
        """
    static let packedRefs = "packed-refs"

    let database: Database
    let repository: Repository

    /// - Parameters:
    ///   - database: Has the tables of ``schema``.
    ///   - repository: The repository whose refs they are.
    package init(_ database: Database, of repository: Repository) {
        self.database = database
        self.repository = repository
    }

    /// Whether what is remembered of the refs is how they are now.
    ///
    /// - Throws: Database errors; `FileError`.
    package func isFresh(_ scopes: [RefScope]) throws -> Bool {
        let root = try openRepository()
        defer { try? root.close() }
        // Loose refs first, then packed ones: what git moves from here to there is seen in one place at least.
        for scope in scopes {
            var known = try stamps(of: scope)
            guard stamp(of: scope.folder, in: root) == known.removeValue(forKey: scope.folder) else {
                return false
            }
            for (folder, stamp) in known where self.stamp(of: folder, in: root) != stamp { return false }
        }
        return try packedStamp(in: root) == remembered(Self.packedRefs)
    }

    /// Brings what is remembered up to date.
    ///
    /// The caller must be the database's only writer from before this until what it returns is used.
    ///
    /// - Parameter scopes: What to look at; more may be updated.
    /// - Returns: The refs that have changed, and what they point at now.
    /// - Throws: Database errors; `FileError`; `MalformedObject` if the packed refs cannot be read.
    package func refresh(_ scopes: [RefScope]) throws -> [RefName: ObjectID?] {
        let root = try openRepository()
        defer { try? root.close() }
        var update = RefUpdate(self, root)
        for scope in scopes {
            if scope.isNested {
                try update.readNested(scope.folder, known: stamps(of: scope))
            } else {
                try update.readFolder(scope.folder, known: remembered(scope.folder))
            }
        }
        try update.readPackedRefs()
        return update.changes.filter { $0.value.before != $0.value.after }.mapValues(\.after)
    }

    private func openRepository() throws -> FileDescriptor {
        let path = FilePath(repository.path)
        do {
            return try FileDescriptor.open(path, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw FileError("read the folder", path, error)
        }
    }

    func stamp(of folder: String, in root: FileDescriptor) -> RefStamp? {
        FileStatus(of: folder, in: root, followLinks: true).map { RefStamp($0) }
    }

    private func packedStamp(in root: FileDescriptor) -> RefStamp? { stamp(of: Self.packedRefs, in: root) }

    func remembered(_ path: String) throws -> RefStamp? {
        let statement = try database.cachedStatement(sql: "SELECT inode, changed FROM folders WHERE path = ?")
        return try Row.fetchOne(statement, arguments: [path]).map { RefStamp($0, at: 0) }
    }

    /// What is remembered of the folder of a scope, and with a nested one of those in it.
    private func stamps(of scope: RefScope) throws -> [String: RefStamp] {
        guard scope.isNested else {
            return try remembered(scope.folder).map { [scope.folder: $0] } ?? [:]
        }
        let rows = try Row.fetchCursor(
            database, sql: "SELECT path, inode, changed FROM folders WHERE path = ? OR path > ? AND path < ?",
            arguments: [scope.folder, "\(scope.folder)/", "\(scope.folder)0"])
        var stamps: [String: RefStamp] = [:]
        while let row = try rows.next() { stamps[row[0]] = RefStamp(row, at: 1) }
        return stamps
    }
}
