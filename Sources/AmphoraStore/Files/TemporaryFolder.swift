import AmphoraGit
import Synchronization
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A new folder of its own, removed with all that is in it when it is no longer needed.
package final class TemporaryFolder: Sendable {
    /// Those of this process.
    private static let all = Mutex<Set<FilePath>>([])

    package let path: FilePath

    /// - Parameters:
    ///   - parent: A folder that is there.
    ///   - prefix: The beginning of the name, so that people know whose it is.
    /// - Throws: ``FileError``.
    package init(in parent: FilePath, prefix: String) throws {
        path = try Self.all.withLock { all in
            while true {
                let path = parent.appending(prefix + String(UInt32.random(in: 0...UInt32.max), radix: 36))
                if path.withPlatformString({ mkdir($0, 0o777) }) == 0 {
                    all.insert(path)
                    return path
                }
                guard errno == EEXIST else { throw FileError("make a folder in", parent, errno) }
            }
        }
    }

    deinit { remove() }

    /// Removes it now.
    func remove() {
        try? path.removeAll()
        _ = Self.all.withLock { $0.remove(path) }
    }

    /// Removes those of the whole process, after what fills them, lets no other be made, and ends the process.
    ///
    /// - Parameter end: Ends the process.
    package static func removeAll(then end: () -> Never) -> Never {
        Uninterrupted.end()
        ChildProcess.endAll {
            all.withLock { all in
                // Other threads may still be putting files into them.
                for path in all { for _ in 0..<10 where (try? path.removeAll()) == nil {} }
                end()
            }
        }
    }
}

extension FilePath {
    /// Removes the folder with all that is in it; links are removed, never followed.
    package func removeAll() throws {
        for name in try folderEntries() {
            let entry = appending(bytes: name)
            if try FileStatus(of: entry, followLinks: false).kind == .folder {
                try entry.removeAll()
            } else if entry.withPlatformString({ unlink($0) }) != 0 {
                throw FileError("remove", entry, errno)
            }
        }
        guard withPlatformString({ rmdir($0) }) == 0 else { throw FileError("remove", self, errno) }
    }
}
