import AmphoraGit
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The turn of who wants a store's lock alone: those who would share it give way for a moment.
///
/// Without it writers who come and go would keep the lock shared among them for ever.
final class Turn {
    /// The longest that a writer gives way; it may hold up one that waits for it, in another process.
    private static let patience = Duration.seconds(1)

    private let descriptor: FileDescriptor

    private static func file(of lock: FilePath) -> FilePath { FilePath("\(lock).turn") }

    /// - Returns: `nil` if others have it.
    init?(at lock: FilePath) {
        let opened = try? FileDescriptor.open(
            Self.file(of: lock), .readWrite, options: [.create, .closeOnExec],
            permissions: [.ownerReadWrite, .groupReadWrite, .otherRead])
        guard let opened else { return nil }
        Self.file(of: lock).share()
        guard flock(opened.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? opened.close()
            return nil
        }
        descriptor = opened
    }

    deinit { descriptor.unlockAndClose() }

    /// Waits a moment while somebody has the turn.
    static func giveWay(at lock: FilePath) {
        // Where nobody ever wanted the lock alone, there is no such file.
        guard let opened = try? FileDescriptor.open(file(of: lock), .readOnly, options: .closeOnExec) else {
            return
        }
        defer { opened.unlockAndClose() }
        let start = ContinuousClock.now
        var attempt = 1
        while flock(opened.rawValue, LOCK_SH | LOCK_NB) != 0, ContinuousClock.now - start < patience {
            Backoff.sleep(afterAttempt: attempt)
            attempt += 1
        }
    }
}
