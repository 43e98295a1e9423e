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

    private let path: FilePath
    private let descriptor: FileDescriptor
    private let parts = Mutex<(idle: [Part], count: Int)>(([], 0))

    /// A folder in it that one thread uses: threads that make files in one folder wait for each other.
    struct Part: Sendable {
        let path: FilePath
        let descriptor: FileDescriptor
    }

    /// Removes from `target` the folders that killed processes left.
    ///
    /// - Parameters:
    ///   - target: A folder.
    ///   - names: What is in it.
    static func removeStale(in target: FilePath, among names: [[UInt8]]) {
        for name in names where name.starts(with: prefix.utf8) {
            let path = target.appending(bytes: name)
            guard let descriptor = try? locked(path) else { continue }
            try? path.removeAll()
            try? descriptor.close()
        }
    }

    /// Makes the folder in `target`.
    init(in target: FilePath) throws {
        while true {
            let path = target.appending(Self.prefix + String(UInt64.random(in: 0...UInt64.max), radix: 36))
            guard path.withPlatformString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
                throw FileError("make a folder in", target, errno)
            }
            // Until it is locked, another process takes it for one to remove.
            guard let descriptor = try Self.locked(path) else { continue }
            self.path = path
            self.descriptor = descriptor
            return
        }
    }

    deinit {
        for part in parts.withLock({ $0.idle }) { try? part.descriptor.close() }
        // Under the lock: two that remove at once would get in each other's way.
        try? path.removeAll()
        try? descriptor.close()
    }

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
        let path = path.appending("\(number)")
        guard path.withPlatformString({ mkdir($0, 0o777) }) == 0 else {
            throw FileError("make the folder", path, errno)
        }
        let opened = path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else { throw FileError("open the folder", path, errno) }
        return Part(path: path, descriptor: FileDescriptor(rawValue: opened))
    }

    /// Opens and locks the folder; `nil` if it is in use, or the path is no longer its name.
    private static func locked(_ path: FilePath) throws -> FileDescriptor? {
        let opened = path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else {
            guard errno == ENOENT else { throw FileError("open the folder", path, errno) }
            return nil
        }
        let descriptor = FileDescriptor(rawValue: opened)
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let error = errno
            try? descriptor.close()
            guard error == EWOULDBLOCK else { throw FileError("lock", path, error) }
            return nil
        }
        guard let named = try? FileStatus(of: path, followLinks: false),
            let held = try? FileStatus(of: descriptor, at: path),
            (named.device, named.inode) == (held.device, held.inode)
        else {
            try? descriptor.close()
            return nil
        }
        return descriptor
    }
}
