package import AmphoraGit
import AmphoraObjects
import AmphoraPack
package import AmphoraStore
import Synchronization
package import SystemPackage

/// A store: the git repository that holds artifacts, versions, aliases and runs.
///
/// Any number of threads may use one, and any number of processes may use one folder.
public final class Store: Sendable {
    package let layout: StoreLayout
    package let pool: RepositoryPool
    let index: IndexDatabase
    let cache: StatCache
    private let source = Mutex<(any ContentSource)?>(nil)
    private let sharedLock = Mutex(WeakLock())
    package let surroundings: Surroundings

    /// The folder of the git repository: `.amphora` in a project, or a bare repository.
    public var path: String { layout.repository.string }

    /// What people call it: the name of the project's folder, or of a store that has none.
    public var projectName: String {
        let isInside = layout.repository.lastComponent?.string == StoreLayout.folderName
        guard !isInside else {
            return layout.repository.removingLastComponent().lastComponent?.string ?? "amphora"
        }
        // Bare repositories are called `name.git`.
        return layout.repository.stem ?? "amphora"
    }

    /// Where content comes from that is not here; `nil`: from nowhere.
    public var contentSource: (any ContentSource)? {
        get { source.withLock { $0 } }
        set { source.withLock { $0 = newValue } }
    }

    /// Opens the store in exactly this folder.
    ///
    /// - Parameters:
    ///   - path: A project's folder with `.amphora` in it, or the repository itself.
    ///   - surroundings: Time, identity and process.
    /// - Returns: The store.
    /// - Throws: ``StoreError``.
    public static func open(at path: String, surroundings: Surroundings = Surroundings()) throws -> Store {
        let folder = FilePath(path).absolute(in: FilePath(surroundings.currentFolder()))
        let inside = folder.appending(StoreLayout.folderName)
        return try Store(repository: mayBeStore(inside) ? inside : folder, surroundings)
    }

    /// Opens the store around a folder: `.amphora` in it or in the nearest folder above that has one.
    ///
    /// - Parameters:
    ///   - path: Where to begin; `.` is the current folder.
    ///   - surroundings: Time, identity and process.
    /// - Returns: The store.
    /// - Throws: ``StoreError``.
    public static func open(
        discoveringFrom path: String, surroundings: Surroundings = Surroundings()
    ) throws -> Store {
        let start = FilePath(path).absolute(in: FilePath(surroundings.currentFolder()))
        var folder = (try? start.resolved()) ?? start
        while true {
            let inside = folder.appending(StoreLayout.folderName)
            if mayBeStore(inside) { return try Store(repository: inside, surroundings) }
            // Within a bare store, or within `.amphora` itself.
            if folder.isStore { return try Store(repository: folder, surroundings) }
            guard folder.removeLastComponent() else { throw StoreError.noneAround(start.displayed) }
        }
    }

    /// Whether it is one, or that alone is kept from us.
    private static func mayBeStore(_ path: FilePath) -> Bool {
        path.isStore || path.denial != nil && path.removingLastComponent().denial == nil
    }

    init(repository path: FilePath, _ surroundings: Surroundings) throws {
        layout = StoreLayout(repository: path)
        self.surroundings = surroundings
        if let denial = path.denial { throw StoreError.unreadable(path.displayed, cause: denial) }
        guard path.isStore else { throw StoreError.notAStore(path.displayed) }
        try surroundings.checkOwner(of: path)
        do {
            pool = try RepositoryPool(path: path.string, onWait: surroundings.onWait)
            try pool.with { repository in try Self.checkFormat(of: repository, at: path) }
        } catch {
            throw error is StoreError ? error : StoreError.unreadable(path.displayed, cause: error)
        }
        // Who may only read needs none; who writes fails at the lock, which lies in it.
        try? layout.own.makeSharedFolders()
        index = IndexDatabase(layout.index, schema: Catalog.schema)
        cache = StatCache(index)
    }

    private static func checkFormat(of repository: Repository, at path: FilePath) throws {
        guard let text = try repository.configuration("amphora.formatVersion") else {
            // What a push made a store has refs of ours and settings of its own. It need not be sound to be verified.
            let root = ObjectHasher.id(of: .commit, Commit.root.encoded())
            guard try ReferenceStore(repository).target(of: .root) == root else {
                throw StoreError.notAStore(path.displayed)
            }
            return
        }
        guard let version = Int(text), (1...StoreLayout.formatVersion).contains(version) else {
            throw StoreError.newerFormat(path.displayed, found: text)
        }
    }

    /// Runs `body` while nothing removes objects or packed refs.
    package func whileWriting<Result>(_ body: () throws -> Result) throws -> Result {
        try withExtendedLifetime(lockToWrite(), body)
    }

    /// Runs `body`, which only reads, while nothing is removed: in a store that one may not write, too.
    package func whileNothingIsRemoved<Result>(_ body: () throws -> Result) throws -> Result {
        let lock: StoreLock?
        do {
            lock = try lockToWrite()
        } catch {
            guard error is FileError else { throw error }
            lock = nil
        }
        return try withExtendedLifetime(lock, body)
    }

    /// The lock that writers share: the one that this store holds already, if it does.
    ///
    /// Whoever waits for the lock alone thus never waits for one who waits for them.
    package func lockToWrite() throws -> StoreLock {
        try sharedLock.withLock { held in
            if let lock = held.lock { return lock }
            try layout.own.makeSharedFolders()
            let lock = try StoreLock(layout.lock, .shared, onWait: tellOfWait)
            held.lock = lock
            // Nobody removes anything from now on; what was removed before must not be relied upon.
            pool.refresh()
            return lock
        }
    }

    private func tellOfWait(holder: Int?) {
        surroundings.onWait?("others to finish with '\(path)'\(holder.map { " (process \($0))" } ?? "")")
    }

    private struct WeakLock {
        weak var lock: StoreLock?
    }

    /// Runs `body` while nobody else writes.
    package func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try StoreLock(layout.lock, .exclusive, onWait: tellOfWait)
        // As for those who share the lock.
        pool.refresh()
        return try withExtendedLifetime(lock, body)
    }

    /// A writer for the objects of one change.
    ///
    /// - Parameter isPromisor: Whether what the objects name may be missing here.
    /// - Returns: The writer.
    /// - Throws: ``InvalidSetting``.
    package func makeWriter(isPromisor: Bool = false) throws -> PackingObjectWriter {
        let key = "amphora.compression"
        guard let text = try pool.with({ try $0.configuration(key) }) else {
            return PackingObjectWriter(pool, isPromisor: isPromisor)
        }
        guard let compression = Compression(text) else {
            throw InvalidSetting(key: key, value: text, allowed: "auto, never, or a number from 1 to 12")
        }
        return PackingObjectWriter(pool, compression, isPromisor: isPromisor)
    }

    /// Who makes versions: as given, as git is configured, or the login name.
    func signature(in repository: Repository) -> Signature {
        let fallback = (name: surroundings.user, email: "\(surroundings.user)@\(surroundings.host)")
        let author = surroundings.author ?? repository.configuredIdentity ?? fallback
        return Signature(name: author.name, email: author.email, date: surroundings.now())
    }

    /// A path as the user gave it, from the root.
    package func absolute(_ path: String) -> FilePath {
        FilePath(path).absolute(in: FilePath(surroundings.currentFolder()))
    }
}
