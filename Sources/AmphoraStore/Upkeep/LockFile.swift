import AmphoraGit
import AmphoraPack
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Git's way to change a file: `<name>.lock` beside it, which one process at a time can make.
final class LockFile {
    private let target: FilePath
    private let path: FilePath
    private let descriptor: FileDescriptor
    private var isInPlace = false
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

    /// - Returns: `nil` if another process has it.
    init?(_ target: FilePath) throws(FileError) {
        self.target = target
        path = FilePath(bytes: target.bytes + Array(".lock".utf8))
        do {
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            if error as? Errno == .fileExists { return nil }
            throw FileError("lock", target, error)
        }
    }

    deinit {
        try? descriptor.close()
        if !isInPlace { _ = path.withPlatformString { unlink($0) } }
    }

    /// Puts new content, durably, in the file's place.
    func replace(with bytes: [UInt8]) throws {
        do {
            try descriptor.writeAll(bytes)
            try descriptor.sync()
        } catch {
            throw FileError("write", path, error)
        }
        try path.rename(to: target)
        isInPlace = true
        try target.removingLastComponent().syncToDisk()
    }
}
