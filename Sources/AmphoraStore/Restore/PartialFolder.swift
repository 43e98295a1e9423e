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

    private let folder: TemporaryFolder
    let descriptor: FileDescriptor

    var path: FilePath { folder.path }

    /// Removes from `target` the folders that killed processes left.
    static func removeStale(in target: FilePath) throws {
        for name in try target.folderEntries() where name.starts(with: prefix.utf8) {
            removeIfUnused(target.appending(bytes: name))
        }
    }

    /// Makes the folder in `target`.
    init(in target: FilePath) throws {
        folder = try TemporaryFolder(in: target, prefix: Self.prefix)
        do {
            descriptor = try FileDescriptor.open(
                folder.path, .readOnly, options: [.closeOnExec, .directory, .noFollow])
        } catch {
            throw FileError("open the folder", folder.path, error)
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            throw FileError("lock", folder.path, errno)
        }
    }

    deinit { try? descriptor.close() }

    private static func removeIfUnused(_ path: FilePath) {
        let options: FileDescriptor.OpenOptions = [.closeOnExec, .directory, .noFollow]
        guard let descriptor = try? FileDescriptor.open(path, .readOnly, options: options) else { return }
        defer { try? descriptor.close() }
        // One that is new may belong to a process that has not locked it yet.
        guard let status = try? FileStatus(of: descriptor, at: path),
            FileStatus.now() - status.changed > 10_000_000_000
        else { return }
        if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 { try? path.removeAll() }
    }
}
