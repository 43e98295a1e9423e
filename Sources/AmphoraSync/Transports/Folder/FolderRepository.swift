import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A repository on this machine that is not the user's own: another store, or a plain one of git's.
struct FolderRepository: Sendable {
    /// The repository's folder, without links.
    let path: FilePath
    let pool: RepositoryPool
    /// `nil` for a plain repository.
    let store: Store?
    /// Whether files are checked out beside it.
    let isBare: Bool

    /// Opens the repository that a folder is, or has in it.
    ///
    /// - Parameters:
    ///   - text: A project with a store in it, a store, or a repository or working tree of git's.
    ///   - own: The store that is not to be its own remote.
    /// - Throws: ``FolderProblem``, `StoreError`; ``FileError`` if it may not be read.
    init(at text: String, for own: Store) throws {
        let folder = own.absolute(text)
        try Self.checkAccess(to: [folder])
        guard let real = try? folder.resolved(), real.isFolder else {
            throw FolderProblem(path: folder, kind: .missing)
        }
        let candidates = [real.appending(StoreLayout.folderName), real, real.appending(".git")]
        try Self.checkAccess(to: candidates)
        guard let found = candidates.first(where: \.isRepository), let path = try? found.resolved() else {
            throw FolderProblem(path: folder, kind: .noRepository)
        }
        guard path != (try own.layout.repository.resolved()) else {
            throw FolderProblem(path: folder, kind: .same)
        }
        try Self.checkAccess(to: ["objects", "objects/pack", "refs"].map { path.appending($0) })
        self.path = path
        if path.isStore {
            let store = try Store.open(at: path.string, surroundings: own.surroundings)
            self.store = store
            pool = store.pool
            isBare = true
        } else {
            store = nil
            try own.surroundings.checkOwner(of: path)
            do {
                pool = try RepositoryPool(path: path.string, onWait: own.surroundings.onWait)
                isBare = try pool.with { try $0.configuration("core.bare") }?.lowercased() != "false"
            } catch {
                throw FolderProblem(path: path, kind: .unreadable(error))
            }
        }
    }

    private static func checkAccess(to folders: [FilePath]) throws {
        if let denial = folders.lazy.compactMap(\.denial).first { throw denial }
    }

    /// Runs `body`, which only reads, while nothing is removed as far as that is ours to say.
    func whileReading<Result>(_ body: () throws -> Result) throws -> Result {
        pool.refresh()
        return try store.map { try $0.whileNothingIsRemoved(body) } ?? body()
    }

    /// Runs `body` while nothing removes objects, as far as that is ours to say: git keeps what is young.
    func whileWriting<Result>(_ body: () throws -> Result) throws -> Result {
        for name in ["objects", "refs"] {
            guard path.appending(name).withPlatformString({ access($0, W_OK) }) == 0 else {
                throw FolderProblem(path: path, kind: .readOnly(Errno(rawValue: errno)))
            }
        }
        pool.refresh()
        return try store.map { try $0.whileWriting(body) } ?? body()
    }

    /// Lets others clone it with git and leave content out, if nobody has decided about that.
    func allowFilters() {
        // Who may not change the settings may push all the same.
        try? pool.with { try $0.setMissingConfiguration(StoreLayout.settingsOfRemote) }
    }

    func makeWriter() throws -> PackingObjectWriter {
        try store?.makeWriter() ?? PackingObjectWriter(pool)
    }
}

/// Why a folder is no remote, or cannot be used as one.
struct FolderProblem: UserFacingError {
    enum Kind {
        case missing, noRepository, same
        case unreadable(any Error)
        case readOnly(Errno)
        case damaged(any Error)
    }

    let path: FilePath
    let kind: Kind

    var code: ErrorCode {
        switch kind {
        case .missing, .noRepository: .notFound
        case .same: .invalidArgument
        case .unreadable(let error): (error as? any UserFacingError)?.code ?? .unavailable
        case .readOnly: .unavailable
        case .damaged: .corrupt
        }
    }

    var message: String {
        let name = path.displayed
        return switch kind {
        case .missing: "there is no folder '\(name)'"
        case .noRepository: "'\(name)' is neither a store nor a git repository, nor has one in it"
        case .same: "'\(name)' is this store itself"
        case .unreadable: "cannot open the repository '\(name)'"
        case .readOnly(let errno): "cannot write to the repository '\(name)': \(errno)"
        case .damaged: "what the repository '\(name)' holds is damaged; nothing of it was taken over"
        }
    }

    var hint: String? {
        switch kind {
        case .missing: "Check the path; is the disk mounted that it is on?"
        case .noRepository: "Make a store there with `amphora init --bare \(path.displayed)`."
        case .same, .unreadable: nil
        case .readOnly: "Check who owns it and its permissions with `ls -ld`."
        case .damaged: "Run `git fsck` there; what another clone has can be put in its place."
        }
    }

    var cause: (any Error)? {
        switch kind {
        case .unreadable(let error), .damaged(let error): error
        default: nil
        }
    }
}
