package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A temporary folder whose lock tells one in use from one that a killed process left.
package final class LockedFolder: Sendable {
    private let folder: TemporaryFolder
    package let descriptor: FileDescriptor

    package var path: FilePath { folder.path }

    /// - Parameters:
    ///   - parent: A folder that is there.
    ///   - prefix: The beginning of the name.
    /// - Throws: ``FileError``.
    package init(in parent: FilePath, prefix: String) throws {
        while true {
            let folder = try TemporaryFolder(in: parent, prefix: prefix)
            guard let descriptor = try Self.lock(folder.path) else { continue }
            // Before it was locked, it may have been taken for a stale one.
            let status = try? FileStatus(of: folder.path, followLinks: false)
            guard let status, try status.inode == FileStatus(of: descriptor, at: folder.path).inode else {
                try? descriptor.close()
                continue
            }
            self.folder = folder
            self.descriptor = descriptor
            return
        }
    }

    /// Removes it now.
    package func remove() { folder.remove() }

    deinit {
        // Under the lock: two that remove at once would get in each other's way.
        folder.remove()
        descriptor.unlockAndClose()
    }

    /// - Returns: The open folder, or `nil` if somebody else has locked or removed it.
    /// - Throws: ``FileError``.
    private static func lock(_ path: FilePath) throws -> FileDescriptor? {
        let opened = path.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard opened >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError("open the folder", path, errno)
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let error = errno
            close(opened)
            if error == EWOULDBLOCK { return nil }
            throw FileError("lock", path, error)
        }
        return FileDescriptor(rawValue: opened)
    }

    /// Removes the folders in `parent` that killed processes left.
    ///
    /// - Parameters:
    ///   - parent: The folder.
    ///   - names: What is in it.
    ///   - prefix: The beginning of the names to look at.
    package static func removeStale(in parent: FilePath, among names: [[UInt8]], prefix: String) {
        for name in names where name.starts(with: prefix.utf8) {
            let path = parent.appending(bytes: name)
            guard let descriptor = try? lock(path) else { continue }
            try? path.removeAll()
            descriptor.unlockAndClose()
        }
    }
}
