import AmphoraObjects
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
        relative.isEmpty
            ? self
            : isEmpty ? FilePath(bytes: relative) : FilePath(bytes: bytes + [UInt8(ascii: "/")] + relative)
    }

    /// The path from the root of the file system.
    ///
    /// Links are not followed, and `..` stays where there may be one before it: `link/..` is not here.
    package func absolute(in currentFolder: FilePath) -> FilePath {
        let path = isAbsolute ? self : currentFolder.appending(components)
        return path.components.contains { $0.kind == .parentDirectory } ? path : path.lexicallyNormalized()
    }

    /// The path from the root of the file system, without `.` and `..`.
    ///
    /// Links on the way to a `..` are followed, since they decide where it leads; others stay.
    package func normalized(in currentFolder: FilePath) -> FilePath {
        let path = absolute(in: currentFolder)
        guard let last = path.components.lastIndex(where: { $0.kind == .parentDirectory }) else {
            return path
        }
        let start = FilePath(root: path.root, path.components[...last])
        let rest = path.components[path.components.index(after: last)...]
        return ((try? start.resolved()) ?? start).appending(rest).lexicallyNormalized()
    }

    /// Whether this is `folder`, or lies in it; links are followed as far as the path is there.
    package func isAtOrBelow(_ folder: FilePath) -> Bool {
        var existing = self
        while true {
            if let real = try? existing.resolved() {
                guard let target = try? folder.resolved() else { return false }
                return real.starts(with: target)
            }
            guard existing.removeLastComponent() else { return false }
        }
    }

    /// Why nobody may look what is in this folder: its own permissions, or those of one around it.
    ///
    /// `nil` if that is allowed, or if it is not there.
    package var denial: FileError? {
        guard withPlatformString({ access($0, X_OK) }) != 0, errno == EACCES else { return nil }
        return FileError("look into", self, EACCES)
    }

    /// Whether this folder is the repository of a store, of whatever format.
    ///
    /// Either `init` made it, or it is a bare one of git's that a push has made one.
    package var isStore: Bool {
        func contains(_ file: String, _ text: String) -> Bool {
            (try? appending(file).containsText(text)) == true
        }
        guard ["objects", "refs"].allSatisfy({ appending($0).isThere }) else { return false }
        if contains("config", "[amphora]") { return true }
        let root = RefName.root.rawValue
        return contains("config", "bare = true")
            && (appending(root).isThere || contains("packed-refs", " \(root)\n"))
    }

    /// Whether git would take this folder for a repository.
    package var isRepository: Bool { ["objects", "refs", "HEAD"].allSatisfy { appending($0).isThere } }

    /// Whether there is something of this name, or at the end of the link.
    package var isThere: Bool { (try? FileStatus(of: self, followLinks: true)) != nil }
}
