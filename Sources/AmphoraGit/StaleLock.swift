import AmphoraObjects
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
    /// Age from which a lock is looked at, in seconds, since it may be git's.
    static let age = 10.0
    /// Age from which somebody who waits for it is told of it, in seconds.
    private static let longWait = 1.0

    /// Marks a lock as one that is held only in ``Repository/whileMovingRefs(_:)``: it dates from 1970.
    ///
    /// If nobody is moving refs, who made it is dead.
    package static func mark(_ descriptor: Int32) {
        let times = [timespec(), timespec()]
        futimens(descriptor, times)
    }

    /// Removes a lock file if it is stale.
    ///
    /// - Parameters:
    ///   - path: The lock file.
    ///   - folder: The repository's folder.
    ///   - onWait: Told if it is not stale, and has been there for a while.
    /// - Returns: Whether it was removed.
    @discardableResult
    package static func remove(_ path: String, in folder: String, onWait: () -> Void = {}) -> Bool {
        guard let modified = modified(path) else { return false }
        let time = Date().timeIntervalSince1970 - modified
        guard modified == 0 || time > age else {
            if time > longWait { onWait() }
            return false
        }
        let turn = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard turn >= 0 else { return false }
        defer { Self.end(turn) }
        // Among many writers that come and go, it may take long until none is at work.
        let operation = modified == 0 ? LOCK_EX | LOCK_NB : LOCK_EX
        guard flock(turn, operation) == 0, self.modified(path) == modified else { return false }
        return unlink(path) == 0
    }

    /// Lets go of the lock on a folder before closing it: a process that another thread is just starting has it open, too.
    fileprivate static func end(_ turn: Int32) {
        flock(turn, LOCK_UN)
        close(turn)
    }

    /// In seconds since 1970; `nil` if there is no such file.
    private static func modified(_ path: String) -> Double? {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        #if canImport(Darwin)
        return Double(info.st_mtimespec.tv_sec)
        #else
        return Double(info.st_mtim.tv_sec)
        #endif
    }
}

extension Repository {
    /// Removes the lock that a killed process left at a ref, so that a new try can succeed.
    ///
    /// - Returns: Whether there was one.
    func removeStaleLock(of name: RefName) -> Bool {
        let path = "\(path)\(name).lock"
        return StaleLock.remove(path, in: self.path) {
            if toldLocks.insert(path).inserted {
                onWait?("'\(path)', which another process holds, or has left behind")
            }
        }
    }

    /// Runs `body`, which moves refs, while no lock of a ref is taken for stale.
    @discardableResult
    package func whileMovingRefs<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let step = Uninterrupted()
        defer { withExtendedLifetime(step) {} }
        let turn = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if turn >= 0 { StaleLock.end(turn) } }
        if turn >= 0 { flock(turn, LOCK_SH) }
        return try body()
    }
}
