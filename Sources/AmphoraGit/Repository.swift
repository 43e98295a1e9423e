import AmphoraObjects
import AmphoraPack
import CLibgit2

/// Told of what is waited for, as it follows "waiting for".
package typealias WaitHandler = @Sendable (String) -> Void

/// An open repository, used by one thread at a time; not `Sendable` on purpose.
///
/// libgit2 allows one thread at a time in a `git_repository` (docs/threading.md). A worker borrows its
/// own from a ``RepositoryPool``.
package final class Repository {
    let pointer: OpaquePointer
    let odb: OpaquePointer
    let packs: PackSet
    let inflater: Inflater
    let entries: EntryReader
    /// For the content of one object, unless it is lent.
    var idleBuffer: ByteBuffer? = ByteBuffer()

    /// The folder of the repository, ending in `/`.
    package let path: String
    /// Told of what is waited for.
    let onWait: WaitHandler?
    /// Locks of which it was told.
    var toldLocks: Set<String> = []

    /// Opens the repository at `path`, without searching the parent folders.
    ///
    /// - Throws: ``GitError`` with code ``ErrorCode/notFound`` if there is none.
    package convenience init(path: String) throws(GitError) { try self.init(path: path, packs: PackSet()) }

    /// Opens the repository, sharing open packs with others that have it open.
    init(path: String, packs: PackSet, onWait: WaitHandler? = nil) throws(GitError) {
        Libgit2.start()
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        let opened = try git("git_repository_open_ext") { git_repository_open_ext(&$0, path, flags, nil) }
        do {
            odb = try git("git_repository_odb") { git_repository_odb(&$0, opened) }
        } catch {
            git_repository_free(opened)
            throw error
        }
        self.packs = packs
        self.onWait = onWait
        inflater = Inflater()
        entries = EntryReader(inflater)
        pointer = opened
        self.path = git_repository_path(opened).map { String(cString: $0) } ?? path
    }

    deinit {
        git_odb_free(odb)
        git_repository_free(pointer)
    }

    /// Makes an empty bare repository.
    ///
    /// - Parameters:
    ///   - path: An empty folder.
    ///   - head: The full name of the ref that `HEAD` names.
    /// - Returns: The repository, open.
    /// - Throws: ``GitError``.
    package static func create(path: String, head: String) throws(GitError) -> Repository {
        Libgit2.start()
        var options = git_repository_init_options()
        try git("git_repository_init_options_init") {
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
        }
        options.flags = GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
        let pointer = try git("git_repository_init_ext") { pointer in
            head.withCString { head in
                options.initial_head = head
                return git_repository_init_ext(&pointer, path, &options)
            }
        }
        git_repository_free(pointer)
        return try Repository(path: path)
    }

    /// The name and e-mail address of git's configuration, or `nil` where the user has set none.
    package var configuredIdentity: (name: String, email: String)? {
        guard let name = try? configuration("user.name"), let email = try? configuration("user.email") else {
            return nil
        }
        return (name, email)
    }

    /// The value of a configuration key, in the repository's, the user's or the system's file.
    ///
    /// - Returns: `nil` if the key is not set.
    package func configuration(_ key: String) throws(GitError) -> String? {
        let snapshot = try git("git_repository_config_snapshot") {
            git_repository_config_snapshot(&$0, pointer)
        }
        defer { git_config_free(snapshot) }
        var value: UnsafePointer<CChar>?
        do {
            try git("git_config_get_string") { git_config_get_string(&value, snapshot, key) }
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
        return value.map { String(cString: $0) }
    }

    /// Writes keys to the repository's own configuration file.
    ///
    /// - Parameter settings: In order; a key given twice keeps the last value.
    /// - Throws: ``GitError``.
    package func setConfiguration(_ settings: [(key: String, value: String)]) throws(GitError) {
        let config = try git("git_config_open_ondisk") { git_config_open_ondisk(&$0, "\(path)config") }
        defer { git_config_free(config) }
        for (key, value) in settings {
            try git("git_config_set_string") { git_config_set_string(config, key, value) }
        }
    }

    /// Writes those keys to the repository's own configuration file that are not in it: what somebody decided
    /// stays.
    ///
    /// - Parameter settings: Each key once.
    /// - Throws: ``GitError``.
    package func setMissingConfiguration(_ settings: [(key: String, value: String)]) throws(GitError) {
        let config = try git("git_config_open_ondisk") { git_config_open_ondisk(&$0, "\(path)config") }
        defer { git_config_free(config) }
        for (key, value) in settings {
            var entry: UnsafeMutablePointer<git_config_entry>?
            let status = git_config_get_entry(&entry, config, key)
            git_config_entry_free(entry)
            guard status == GIT_ENOTFOUND.rawValue else {
                try git("git_config_get_entry") { status }
                continue
            }
            try git("git_config_set_string") { git_config_set_string(config, key, value) }
        }
    }
}

@available(*, unavailable)
extension Repository: Sendable {}
