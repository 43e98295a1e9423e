import AmphoraGit
import AmphoraPack
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Git's way to change a file: `<name>.lock` beside it, which one process at a time can make.
///
/// It is not held open: a transaction has one for each of thousands of refs.
final class LockFile {
    private let target: FilePath
    private let path: FilePath
    private let isMovingRefs: Bool
    private var isHeld = false
    /// Who is told to stop meanwhile leaves no lock behind.
    private let step = Uninterrupted()

    /// Locks a file as soon as who holds it is done, or has been dead for a while.
    ///
    /// - Parameters:
    ///   - target: The file.
    ///   - folder: The repository's folder.
    /// - Returns: The lock.
    /// - Throws: ``FileError``; with `EEXIST` if another process keeps it for too long.
    static func waiting(for target: FilePath, in folder: FilePath) throws -> LockFile {
        let start = ContinuousClock.now
        var attempt = 1
        while ContinuousClock.now - start < .seconds(20) {
            if let lock = try LockFile(target) { return lock }
            StaleLock.remove("\(target).lock", in: folder.string)
            Backoff.sleep(afterAttempt: attempt)
            attempt += 1
        }
        throw FileError("lock", target, EEXIST)
    }

    /// Locks a file; `nil` if another process has it.
    ///
    /// - Parameters:
    ///   - target: The file.
    ///   - other: A lock that this one may share its empty file with, if neither is written: a second name
    ///     costs a hundredth of a second file.
    ///   - isMovingRefs: Whether it is held in `Repository.whileMovingRefs` only, and marked so.
    /// - Throws: ``FileError``.
    init?(
        _ target: FilePath, sharing other: LockFile? = nil, isMovingRefs: Bool = false
    ) throws(FileError) {
        self.target = target
        self.isMovingRefs = isMovingRefs
        path = FilePath(bytes: target.bytes + Array(".lock".utf8))
        if let other, Self.link(other.path, path) {
            isHeld = true
            return
        }
        do {
            let descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            isHeld = true
            if isMovingRefs { StaleLock.mark(descriptor.rawValue) }
            try descriptor.close()
        } catch {
            if error as? Errno == .fileExists { return nil }
            throw FileError("lock", target, error)
        }
    }

    /// - Returns: `false` if there is such a file, or it cannot have another name.
    private static func link(_ old: FilePath, _ new: FilePath) -> Bool {
        old.withPlatformString { old in new.withPlatformString { linkat(AT_FDCWD, old, AT_FDCWD, $0, 0) } }
            == 0
    }

    deinit {
        if isHeld { _ = path.withPlatformString { unlink($0) } }
    }

    /// Writes what the file is to hold, durably.
    func write(_ bytes: [UInt8]) throws {
        try path.writeDurably(bytes) { if isMovingRefs { StaleLock.mark($0.rawValue) } }
    }

    /// Puts what was written in the file's place; then the lock is gone.
    func commit() throws(FileError) {
        // Programs that make copies go by it.
        if isMovingRefs { _ = path.withPlatformString { utimensat(AT_FDCWD, $0, nil, 0) } }
        try path.rename(to: target)
        isHeld = false
    }

    /// Puts new content, durably, in the file's place.
    func replace(with bytes: [UInt8]) throws {
        try write(bytes)
        try commit()
        try target.removingLastComponent().syncToDisk()
    }
}
