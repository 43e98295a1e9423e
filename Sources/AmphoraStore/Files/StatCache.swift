import AmphoraObjects
import FoundationEssentials
import GRDB
package import SystemPackage

/// Remembers what content a file had when its status was last seen, so that an unchanged file is not read.
///
/// A cache: it can be deleted at any time, and where it cannot be read or written, work goes on without.
package final class StatCache: Sendable {
    package struct Entry: Sendable {
        package let status: FileStatus
        package let file: StoredFile

        package init(status: FileStatus, file: StoredFile) {
            self.status = status
            self.file = file
        }
    }

    package static let schema = """
        CREATE TABLE files (
            path BLOB PRIMARY KEY, status BLOB NOT NULL, mode TEXT NOT NULL, id BLOB NOT NULL
        ) WITHOUT ROWID;
        """

    private let index: IndexDatabase

    private var database: DatabaseQueue? { index.file }

    /// - Parameter index: A database with the table of ``schema``.
    package init(_ index: IndexDatabase) { self.index = index }

    /// - Parameter path: A database for nothing else.
    package convenience init(_ path: FilePath) { self.init(IndexDatabase(path, schema: Self.schema)) }

    /// The entries of all files below a folder, given by its absolute path.
    package func entries(below folder: FilePath) -> [[UInt8]: StoredStatus] {
        let name = folder.bytes.last == UInt8(ascii: "/") ? folder.bytes.dropLast() : folder.bytes[...]
        let lower = name + [UInt8(ascii: "/")]
        let upper = name + [UInt8(ascii: "/") + 1]
        return rows("path >= ? AND path < ?", [Data(lower), Data(upper)])
    }

    /// The entries of all files between two absolute paths, and of these, in the order of their bytes.
    package func entries(from first: [UInt8], through last: [UInt8]) -> [[UInt8]: StoredStatus] {
        rows("path BETWEEN ? AND ?", [Data(first), Data(last)])
    }

    /// The entry of one file.
    package func entry(of file: FilePath) -> StoredStatus? {
        rows("path = ?", [Data(file.bytes)])[file.bytes]
    }

    private func rows(_ condition: String, _ arguments: StatementArguments) -> [[UInt8]: StoredStatus] {
        let known = try? database?.read { database in
            let sql = "SELECT path, status, mode, id FROM files WHERE \(condition)"
            let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            var known: [[UInt8]: StoredStatus] = [:]
            while let row = try rows.next() {
                known[try row.withUnsafeData(atIndex: 0) { Array($0 ?? Data()) }] = StoredStatus(row)
            }
            return known
        }
        return known ?? [:]
    }

    /// Remembers files by their absolute paths.
    ///
    /// - Parameter entries: Statuses that are not racy: see ``FileStatus/isRacy(at:)``.
    package func record(_ entries: some Sequence<(path: [UInt8], entry: Entry)>) {
        guard entries.contains(where: { _ in true }) else { return }
        try? database?.write { database in
            let statement = try database.makeStatement(
                sql: "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)")
            for (path, entry) in entries {
                var id: [UInt8] = []
                entry.file.id.append(to: &id)
                try statement.execute(arguments: [
                    Data(path), withUnsafeBytes(of: Facts(entry.status)) { Data($0) },
                    "\(entry.file.mode.digits)", Data(id),
                ])
            }
        }
    }

    /// What must be equal in a status for a file to be unchanged; kept as these 40 bytes.
    fileprivate struct Facts: Equatable {
        let byteCount, modified, changed: Int
        let device, inode: UInt64

        init(_ status: FileStatus) {
            byteCount = status.byteCount
            modified = status.modified
            changed = status.changed
            device = status.device
            inode = status.inode
        }
    }

    /// What the cache knows of one file.
    package struct StoredStatus: Sendable {
        private let facts: Facts
        private let mode: EntryMode
        private let id: ObjectID

        /// - Returns: `nil` if the row is not one that we wrote.
        fileprivate init?(_ row: Row) {
            func value<Value>(_ column: Int, _ count: Int, _ read: (UnsafeRawBufferPointer) -> Value)
                -> Value?
            {
                let value = try? row.withUnsafeData(atIndex: column) { data in
                    data.flatMap { $0.count == count ? $0.withUnsafeBytes(read) : nil }
                }
                return value ?? nil
            }
            guard let mode = EntryMode(digits: (row[2] as String).utf8),
                let facts = value(1, MemoryLayout<Facts>.size, { $0.loadUnaligned(as: Facts.self) }),
                let id = value(3, ObjectID.byteCount, { ObjectID($0) })
            else { return nil }
            self.facts = facts
            self.mode = mode
            self.id = id
        }

        /// The file's content, if its status is still the one that was remembered.
        package func file(if status: FileStatus) -> StoredFile? {
            facts == Facts(status) ? StoredFile(mode: mode, id: id, byteCount: status.byteCount) : nil
        }
    }
}
