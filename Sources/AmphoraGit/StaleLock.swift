import AmphoraObjects
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The `.lock` file of a ref, left behind by a process that was killed while it held it.
///
/// A ref's lock is held for a millisecond. One that is ten seconds old has no owner any more, and would
/// stop every later writer.
enum StaleLock {
    /// Age from which a lock is taken to have no owner, in seconds.
    static let age = 10.0

    /// Removes the lock of `name` if it is stale.
    ///
    /// Those who do this take turns (a lock on `config`, which is never removed), so that nobody removes
    /// the new lock of a writer who came after the stale one was gone.
    ///
    /// - Parameters:
    ///   - name: The ref.
    ///   - folder: The repository's folder, ending in `/`.
    static func remove(of name: RefName, in folder: String) {
        let path = "\(folder)\(name).lock"
        guard isStale(path) else { return }
        let turn = open("\(folder)config", O_RDONLY | O_CLOEXEC)
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
