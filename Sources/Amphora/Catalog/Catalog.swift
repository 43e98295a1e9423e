import AmphoraGit
import AmphoraObjects
import AmphoraStore
import GRDB

/// The versions, aliases and runs of a store as the derived index has them, in one state.
///
/// What refs point at is looked at each time; what commits say never changes, and is remembered. Lives no longer
/// than the transaction of its database.
struct Catalog {
    let database: Database
    let repository: Repository
    let store: Store

    static let schema = """
        \(StatCache.schema)
        \(RefIndex.schema)
        CREATE TABLE versions (
            artifact TEXT NOT NULL, number INTEGER NOT NULL, target BLOB NOT NULL, kind INTEGER NOT NULL,
            type TEXT, tree BLOB, author TEXT, email TEXT, date INTEGER, note TEXT, metadata TEXT, files INTEGER,
            bytes INTEGER, run TEXT, deleted BLOB,
            PRIMARY KEY (artifact, number)
        ) WITHOUT ROWID;
        CREATE INDEX versionTargets ON versions (target);
        CREATE INDEX versionRuns ON versions (run) WHERE run IS NOT NULL;
        CREATE INDEX versionsDeleted ON versions (deleted) WHERE deleted IS NOT NULL;
        CREATE INDEX versionsDamaged ON versions (kind) WHERE kind = 2;
        CREATE TABLE aliases (
            artifact TEXT NOT NULL, alias TEXT NOT NULL, target BLOB NOT NULL, PRIMARY KEY (artifact, alias)
        ) WITHOUT ROWID;
        CREATE TABLE runs (
            id TEXT PRIMARY KEY, target BLOB NOT NULL, name TEXT, project TEXT, jobType TEXT, state TEXT,
            created REAL, host TEXT, process INTEGER, record TEXT
        );
        CREATE INDEX runNames ON runs (name);
        CREATE INDEX runsDamaged ON runs (id) WHERE record IS NULL;
        CREATE TABLE links (
            run TEXT NOT NULL, target BLOB NOT NULL, artifact TEXT NOT NULL, role TEXT NOT NULL,
            PRIMARY KEY (run, target)
        ) WITHOUT ROWID;
        CREATE INDEX linkTargets ON links (target);
        CREATE TABLE generation (id TEXT NOT NULL, changes INTEGER NOT NULL, noted INTEGER NOT NULL);
        INSERT INTO generation VALUES (hex(randomblob(16)), 0, 0);
        CREATE TABLE changes (ref TEXT PRIMARY KEY, change INTEGER NOT NULL) WITHOUT ROWID;
        """

    /// What a version's tag points at, as the column `kind` has it.
    enum Kind: Int {
        case version, tombstone, damaged
    }

    var refs: RefIndex { RefIndex(database, of: repository) }

    /// Whether a commit is still there: somebody may have tidied up with git.
    func isHere(_ commitID: CommitID) -> Bool { repository.contains(commitID.objectID, mayBeStale: true) }

    func rows(_ sql: String, _ arguments: StatementArguments = []) throws -> RowCursor {
        let statement = try database.cachedStatement(sql: sql)
        return try Row.fetchCursor(statement, arguments: arguments)
    }
}

extension Store {
    /// Runs `body` on the index, which has these refs as they are now.
    ///
    /// - Parameters:
    ///   - scopes: The refs that must be right.
    ///   - retriesDamaged: Whether what could not be read is tried again even if no ref has moved.
    ///   - body: Must use nothing of the store that looks into the index too. May run more than once.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, and if refs cannot be read.
    func withCatalog<Value>(
        _ scopes: RefScope..., retryingDamaged retriesDamaged: Bool = true, body: (Catalog) throws -> Value
    ) throws -> Value {
        try pool.with { repository in
            let known = try index.read { database -> Result<Value, any Error>? in
                let catalog = Catalog(database: database, repository: repository, store: self)
                let isFresh = try catalog.isFresh(scopes, retryingDamaged: retriesDamaged)
                return try isFresh ? Result(of: { try body(catalog) }) : nil
            }
            if let known { return try known.get() }
            let (result, changeCount) = try index.write { database in
                let catalog = Catalog(database: database, repository: repository, store: self)
                let changeCount = try catalog.refresh(scopes)
                return (try Result(of: { try body(catalog) }), changeCount)
            }
            // Whoever opens the database next would have to read it all.
            if changeCount > 1000 { index.shrinkLog() }
            return try result.get()
        }
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws; failures of the database are thrown at once.
    fileprivate init(of body: () throws -> Success) throws {
        do {
            self = .success(try body())
        } catch {
            if error is DatabaseError { throw error }
            self = .failure(error)
        }
    }
}
