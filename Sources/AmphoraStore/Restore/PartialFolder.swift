import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder for files that are not whole yet, inside the target folder, gone at the end.
///
/// Its lock tells a folder in use from one that a killed process left, which the next one removes.
final class PartialFolder: Sendable {
    /// What begins like this is never part of an artifact.
    static let prefix = ".amphora-partial-"

    private let folder: LockedFolder
    private let parts = Mutex<(idle: [Part], count: Int)>(([], 0))

    /// A folder in it that one thread uses: threads that make files in one folder wait for each other.
    struct Part: Sendable {
        let path: FilePath
        let descriptor: FileDescriptor
    }

    /// Makes the folder in `target`.
    init(in target: FilePath) throws { folder = try LockedFolder(in: target, prefix: Self.prefix) }

    deinit { for part in parts.withLock({ $0.idle }) { try? part.descriptor.close() } }

    /// Lends a part for the length of `body`.
    func withPart<Result>(_ body: (Part) throws -> Result) throws -> Result {
        let part = try parts.withLock { $0.idle.popLast() } ?? makePart()
        defer { parts.withLock { $0.idle.append(part) } }
        return try body(part)
    }

    private func makePart() throws -> Part {
        let number = parts.withLock { parts in
            parts.count += 1
            return parts.count
        }
        let path = folder.path.appending("\(number)")
        guard path.withPlatformString({ mkdir($0, 0o777) }) == 0 else {
            throw FileError("make the folder", path, errno)
        }
        let opened = path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { throw FileError("open the folder", path, errno) }
        return Part(path: path, descriptor: FileDescriptor(rawValue: opened))
    }
}
