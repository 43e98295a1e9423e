import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The `.lock` file of a ref, left behind by a process that was killed while it held it.
///
/// It would stop every later writer. Amphora's own writers share a lock on the repository's folder while
/// they move a ref, so whoever holds that lock alone knows that none of them is at work; git's hold a ref's
/// lock for a millisecond.
package enum StaleLock {
    /// Age from which a lock is looked at, in seconds.
    static let age = 10.0

    /// Removes a lock file if it is stale.
    ///
    /// - Parameters:
    ///   - path: The lock file.
    ///   - folder: The repository's folder.
    package static func remove(_ path: String, in folder: String) {
        guard isStale(path) else { return }
        let turn = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard turn >= 0 else { return }
        defer { close(turn) }
        guard flock(turn, LOCK_EX) == 0, isStale(path) else { return }
        unlink(path)
    }

    private static func isStale(_ path: String) -> Bool {
        var info = stat()
        guard lstat(path, &info) == 0 else { return false }
        #if canImport(Darwin)
        let modified = info.st_mtimespec
        #else
        let modified = info.st_mtim
        #endif
        return Date().timeIntervalSince1970 - Double(modified.tv_sec) > age
    }
}

extension Repository {
    /// Runs `body`, which moves refs, while no lock of a ref is taken for stale.
    @discardableResult
    package func whileMovingRefs<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let step = Uninterrupted()
        defer { withExtendedLifetime(step) {} }
        let turn = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if turn >= 0 { close(turn) } }
        if turn >= 0 { flock(turn, LOCK_SH) }
        return try body()
    }
}
