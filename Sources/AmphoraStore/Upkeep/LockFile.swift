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
