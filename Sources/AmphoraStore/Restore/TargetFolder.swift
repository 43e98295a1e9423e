import AmphoraObjects
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The folder that files are restored into: nothing outside it is ever touched.
///
/// Every step below it is taken with openat(2) and `O_NOFOLLOW`, so that no link in it, there before or
/// made meanwhile, can lead elsewhere.
package final class TargetFolder: Sendable {
    package let path: FilePath
    private let descriptor: FileDescriptor

    /// Opens the folder, making it and its parents where they are missing.
    ///
    /// The path itself may contain links: the user wrote it.
    ///
    /// - Throws: ``FileError``.
    package init(_ path: FilePath) throws {
        try path.makeFolders()
        self.path = path
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .directory])
        } catch {
            throw FileError("restore into", path, error)
        }
    }

    deinit { try? descriptor.close() }

    /// Runs `body` with a folder in this one.
    ///
    /// - Parameters:
    ///   - relative: Its path from here; empty for the target itself.
    ///   - create: Whether missing folders are made.
    ///   - body: Gets the open folder.
    /// - Returns: `nil` if a folder is missing and not to be made.
    /// - Throws: ``FileError`` if something that is not a folder is in the way.
    func withFolder<Result>(
        _ relative: [UInt8], create: Bool, _ body: (FileDescriptor) throws -> Result
    ) throws -> Result? {
        var folder = descriptor
        defer { if folder != descriptor { try? folder.close() } }
        var walked = path
        for name in relative.split(separator: UInt8(ascii: "/")) {
            let name = FilePath(bytes: name)
            walked.append(name.components)
            guard let next = try Self.open(name, in: folder, at: walked, create: create) else { return nil }
            if folder != descriptor { try? folder.close() }
            folder = next
        }
        return try body(folder)
    }

    private static func open(
        _ name: FilePath, in folder: FileDescriptor, at path: FilePath, create: Bool
    ) throws -> FileDescriptor? {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        for _ in 0..<2 {
            let opened = name.withPlatformString { openat(folder.rawValue, $0, flags) }
            if opened >= 0 { return FileDescriptor(rawValue: opened) }
            guard errno == ENOENT else {
                throw FileError("restore into the folder", path, errno == ELOOP ? ENOTDIR : errno)
            }
            guard create else { return nil }
            let made = name.withPlatformString { mkdirat(folder.rawValue, $0, 0o777) }
            // Another worker may have made it meanwhile.
            guard made == 0 || errno == EEXIST else { throw FileError("make the folder", path, errno) }
        }
        throw FileError("make the folder", path, ENOENT)
    }
}

extension FilePath {
    /// Makes the folder and its parents, as `mkdir -p` does.
    package func makeFolders() throws(FileError) {
        guard withPlatformString({ mkdir($0, 0o777) }) != 0 else { return }
        let error = errno
        switch error {
        case ENOENT:
            let parent = removingLastComponent()
            guard !parent.isEmpty, parent != self else { throw FileError("make the folder", self, error) }
            try parent.makeFolders()
            // Not again by itself: some file systems, such as /proc, never let it be made.
            guard withPlatformString({ mkdir($0, 0o777) }) == 0 || errno == EEXIST else {
                throw FileError("make the folder", self, errno)
            }
        case EEXIST:
            guard try FileStatus(of: self, followLinks: true).kind == .folder else {
                throw FileError("use as a folder", self, ENOTDIR)
            }
        default: throw FileError("make the folder", self, error)
        }
    }
}
