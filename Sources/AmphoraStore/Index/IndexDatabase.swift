import FoundationEssentials
package import GRDB
import Synchronization
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The database of what is derived from the store, or remembered of the file system.
///
/// A cache: it can be deleted at any time. It is made anew if it is damaged, or if other code has made it; where
/// it cannot be used, a database in memory takes its place for as long as the process lives.
package final class IndexDatabase: Sendable {
    private struct Opened {
        /// `nil` before it is first needed, then the database or none.
        var file: DatabaseQueue??
        var memory: DatabaseQueue?
        /// Shared while the file is open, so that nobody takes it away then.
        var turn: FileDescriptor?
    }

    private let path: FilePath
    private let schema: String
    /// Opened when it is first needed: some commands need nothing of it.
    private let opened = Mutex(Opened())

    /// - Parameters:
    ///   - path: The database, made if it is not there.
    ///   - schema: The statements that make its tables. A database made by others counts as none.
    package init(_ path: FilePath, schema: String) {
        self.path = path
        self.schema = schema
    }

    deinit { close() }

    /// Closes the database; it is opened again when it is needed.
    package func close() {
        opened.withLock { opened in
            try? opened.file??.close()
            opened.turn?.unlockAndClose()
            opened = Opened()
        }
    }

    /// The database on the disk, or `nil` where there can be none.
    package var file: DatabaseQueue? {
        opened.withLock { opened in
            if let known = opened.file { return known }
            let file = openFile(&opened)
            opened.file = .some(file)
            return file
        }
    }

    /// Runs `body` on one state of the database; once more, on another database, if that turns out unusable.
    package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try use { try $0.read(body) }
    }

    /// Runs `body` as the only writer; once more, on another database, if that turns out unusable.
    package func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try use { try $0.write(body) }
    }

    /// Writes what is in the log into the database itself, if nobody else is at work on it.
    package func shrinkLog() { _ = try? file?.writeWithoutTransaction { try $0.checkpoint(.truncate) } }

    private func use<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
        for _ in 1...2 {
            guard let file else { break }
            do {
                return try body(file)
            } catch {
                guard let failure = error as? DatabaseError else { throw error }
                giveUp(file, failure)
            }
        }
        return try body(memory())
    }

    private func memory() throws -> DatabaseQueue {
        try opened.withLock { opened in
            if let memory = opened.memory { return memory }
            let memory = try DatabaseQueue()
            try memory.write { try $0.execute(sql: schema) }
            opened.memory = memory
            return memory
        }
    }

    /// Goes on without the file, or with a new one if it is damaged.
    private func giveUp(_ file: DatabaseQueue, _ failure: DatabaseError) {
        opened.withLock { opened in
            guard let current = opened.file, current === file else { return }
            opened.file = .some(nil)
            try? file.close()
            if failure.isDamage { opened.file = .some(replaceFile(&opened)) }
        }
    }

    private func openFile(_ opened: inout Opened) -> DatabaseQueue? {
        opened.turn = try? FileDescriptor.open(
            "\(path.string).lock", .readWrite, options: [.create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupReadWrite, .otherRead])
        guard let turn = opened.turn, flock(turn.rawValue, LOCK_SH | LOCK_NB) == 0 else { return nil }
        do {
            return try open()
        } catch {
            return (error as? DatabaseError)?.isDamage == true ? replaceFile(&opened) : nil
        }
    }

    /// Puts a new database in the place of a damaged one, while nobody else has that open.
    private func replaceFile(_ opened: inout Opened) -> DatabaseQueue? {
        guard let turn = opened.turn, flock(turn.rawValue, LOCK_EX | LOCK_NB) == 0 else { return nil }
        defer { flock(turn.rawValue, LOCK_SH) }
        for suffix in ["-wal", "-shm", ""] {
            try? FileManager.default.removeItem(atPath: path.string + suffix)
        }
        return try? open()
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        // With it, only the log's turning into the database costs an fsync.
        configuration.journalMode = .wal
        let database = try DatabaseQueue(path: path.string, configuration: configuration)
        if try database.read(madeByOthers) {
            try database.write { database in
                guard try madeByOthers(database) else { return }
                let tables = try String.fetchAll(
                    database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
                for table in tables {
                    try database.execute(sql: "DROP TABLE \(table.quotedDatabaseIdentifier)")
                }
                try database.execute(sql: "\(schema); PRAGMA user_version = \(schemaNumber)")
            }
        }
        return database
    }

    private func madeByOthers(_ database: Database) throws -> Bool {
        try Int32.fetchOne(database, sql: "PRAGMA user_version") != schemaNumber
    }

    /// A number that another schema does not have: FNV-1a of its text, in the 31 bits that SQLite keeps.
    private var schemaNumber: Int32 {
        let hash = schema.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return Int32(hash >> 1)
    }
}

extension DatabaseError {
    /// Whether the file is no database, or not this one any more.
    fileprivate var isDamage: Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_FORMAT].contains(resultCode)
    }
}
