import AmphoraGit
package import AmphoraObjects
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The lock of a store: writers share it, what removes objects or packed refs holds it alone.
///
/// flock(2): the system lets go of it when the process ends, however it ends.
package final class StoreLock: Sendable {
    package enum Mode: Sendable {
        case shared, exclusive
    }

    private let descriptor: FileDescriptor

    /// Takes the lock, waiting for others up to a limit.
    ///
    /// - Parameters:
    ///   - path: The lock file, made if it is missing.
    ///   - mode: Shared or alone.
    ///   - limit: How long to wait.
    ///   - onWait: Called once if it takes a moment, with the process that others may be waiting for.
    /// - Throws: ``StoreBusy`` when the limit is over; ``FileError``.
    package init(
        _ path: FilePath, _ mode: Mode, limit: Duration = .seconds(60), onWait: (Int?) -> Void = { _ in }
    ) throws {
        if mode == .shared { Turn.giveWay(at: path) }
        let descriptor = try Self.open(path)
        do {
            try Self.wait(for: descriptor, mode, at: path, limit, onWait)
        } catch {
            try? descriptor.close()
            throw error
        }
        Self.note(getpid(), in: descriptor)
        self.descriptor = descriptor
    }

    private static func open(_ path: FilePath) throws -> FileDescriptor {
        do {
            let descriptor = try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherRead])
            path.share()
            return descriptor
        } catch {
            throw FileError("lock the store with", path, error)
        }
    }

    private static func wait(
        for descriptor: FileDescriptor, _ mode: Mode, at path: FilePath, _ limit: Duration,
        _ onWait: (Int?) -> Void
    ) throws {
        let operation = (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB
        let start = ContinuousClock.now
        var attempt = 1
        var turn: Turn?
        while flock(descriptor.rawValue, operation) != 0 {
            let error = errno
            guard error == EWOULDBLOCK || error == EINTR else {
                throw FileError("lock the store with", path, error)
            }
            guard ContinuousClock.now - start < limit else { throw StoreBusy(holder: holder(descriptor)) }
            if mode == .exclusive, turn == nil { turn = Turn(at: path) }
            if attempt == 8 { onWait(holder(descriptor)) }
            Backoff.sleep(afterAttempt: attempt)
            attempt += 1
        }
        withExtendedLifetime(turn) {}
    }

    deinit { descriptor.unlockAndClose() }

    /// Writes the holder's process into the file, for those who wait.
    ///
    /// With several holders, the last.
    private static func note(_ pid: pid_t, in descriptor: FileDescriptor) {
        let text = "\(pid)\n"
        guard (try? descriptor.writeAll(toAbsoluteOffset: 0, text.utf8)) != nil else { return }
        ftruncate(descriptor.rawValue, off_t(text.utf8.count))
    }

    private static func holder(_ descriptor: FileDescriptor) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count =
            (try? bytes.withUnsafeMutableBytes { try descriptor.read(fromAbsoluteOffset: 0, into: $0) }) ?? 0
        return Int(String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").first ?? "")
    }
}

/// A store that others kept locked for too long.
package struct StoreBusy: UserFacingError {
    let holder: Int?
    package var code: ErrorCode { .locked }
    package var message: String {
        "the store is locked\(holder.map { " by process \($0)" } ?? ""), and stayed so for the time allowed"
    }
    package var hint: String? { "Wait until that process is done, then run the command again." }
}
