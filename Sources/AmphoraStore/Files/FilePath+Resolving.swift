package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FilePath {
    /// The path without links, `.` and `..`; what it names must be there.
    package func resolved() throws(FileError) -> FilePath {
        guard let real = withPlatformString({ realpath($0, nil) }) else {
            throw FileError("follow", self, errno)
        }
        defer { free(real) }
        return FilePath(platformString: real)
    }

    /// The path below this one; `self` if `relative` is empty.
    package func appending(bytes relative: [UInt8]) -> FilePath {
        relative.isEmpty ? self : appending(FilePath(bytes: relative).components)
    }

    /// The path from the root of the file system; links are not followed.
    package func absolute(in currentFolder: FilePath) -> FilePath {
        (isAbsolute ? self : currentFolder.appending(components)).lexicallyNormalized()
    }

    /// Whether this folder is a store in a project's folder.
    package var isStore: Bool {
        ["objects", "refs", "config"].allSatisfy { name in
            (try? FileStatus(of: appending(name), followLinks: true)) != nil
        }
    }
}
