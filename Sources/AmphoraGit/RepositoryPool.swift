import Synchronization

/// Repositories for any number of threads: each borrows a handle of its own.
package final class RepositoryPool: Sendable {
    /// The repository's folder.
    package let path: String
    private let packs = PackSet()
    private let idle = Mutex<[Handle]>([])

    /// A repository that one thread holds, or none.
    ///
    /// `@unchecked`: libgit2 lets a repository move between threads as long as one uses it at a time
    /// (docs/threading.md); a handle is either in `idle` or in one call of ``with(_:)``, never in two.
    private struct Handle: @unchecked Sendable {
        let repository: Repository
    }

    /// Opens the repository once, so that a missing or foreign one fails here.
    package init(path: String) throws {
        self.path = path
        let first = Handle(repository: try Repository(path: path, packs: packs))
        idle.withLock { $0.append(first) }
    }

    /// Lets idle repositories see packs that were made since they were opened.
    package func refresh() { idle.withLock { for handle in $0 { handle.repository.refresh() } } }

    /// Lends a repository for the length of `body`, opening one if all are lent.
    ///
    /// - Parameter body: Must not keep the repository.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``GitError`` if the repository cannot be opened again.
    package func with<Result>(_ body: (Repository) throws -> Result) throws -> Result {
        let handle =
            try idle.withLock { $0.popLast() }
            ?? Handle(
                repository: Repository(path: path, packs: packs))
        defer { idle.withLock { $0.append(handle) } }
        return try body(handle.repository)
    }
}
