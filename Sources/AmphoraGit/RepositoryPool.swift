import FoundationEssentials
import Synchronization

/// Repositories for any number of threads: each borrows a handle of its own.
package final class RepositoryPool: Sendable {
    /// The repository's folder.
    package let path: String
    private let packs = PackSet()
    private let onWait: WaitHandler?
    private let state: Mutex<State>

    private struct State {
        var idle: [Handle] = []
        /// When the list of packs last changed, as far as it was seen.
        var changed: Date?
        /// Grows with each change; a handle of an older one is not used again.
        var generation = 0
    }

    /// A repository that one thread holds, or none.
    ///
    /// `@unchecked`: libgit2 lets a repository move between threads as long as one uses it at a time
    /// (docs/threading.md); a handle is either in `idle` or in one call of ``with(_:)``, never in two.
    private struct Handle: @unchecked Sendable {
        let repository: Repository
    }

    /// Opens the repository once, so that a missing or foreign one fails here.
    ///
    /// - Parameters:
    ///   - path: The repository's folder.
    ///   - onWait: Told of locks that are waited for.
    /// - Throws: ``GitError``.
    package init(path: String, onWait: WaitHandler? = nil) throws {
        self.path = path
        self.onWait = onWait
        let first = Handle(repository: try Repository(path: path, packs: packs, onWait: onWait))
        state = Mutex(State(idle: [first], changed: Self.changed(path)))
    }

    private static func changed(_ path: String) -> Date? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/objects/pack")
        return attributes?[.modificationDate] as? Date
    }

    /// Lets repositories see packs that came or went since they were opened.
    ///
    /// They are opened anew if any did: libgit2 would go on finding objects in packs that are gone.
    ///
    /// - Returns: Whether any may have come or gone.
    @discardableResult
    package func refresh() -> Bool {
        let changed = Self.changed(path)
        let mayDiffer = state.withLock { state in
            // Within a clock tick of a change there may be another.
            let isRecent = changed.map { $0.timeIntervalSinceNow > -1 } ?? true
            guard isRecent || changed != state.changed else { return false }
            state.changed = changed
            state.generation += 1
            state.idle = []
            return true
        }
        packs.refresh(in: "\(path)/")
        return mayDiffer
    }

    /// Lends a repository for the length of `body`, opening one if all are lent.
    ///
    /// - Parameter body: Must not keep the repository.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws, or ``GitError`` if the repository cannot be opened again.
    package func with<Result>(_ body: (Repository) throws -> Result) throws -> Result {
        let (idle, generation) = state.withLock { ($0.idle.popLast(), $0.generation) }
        let handle = try idle ?? Handle(repository: Repository(path: path, packs: packs, onWait: onWait))
        defer {
            state.withLock { state in
                if state.generation == generation { state.idle.append(handle) }
            }
        }
        return try body(handle.repository)
    }
}
