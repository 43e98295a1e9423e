package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What lies in a target folder and not in the version restored there.
///
/// Every step is taken from an open folder and follows no link, so that nothing outside the target goes.
package struct ExtraFiles {
    private let target: FilePath
    private let paths: Set<[UInt8]>
    /// The folders that hold files of the version.
    private var folders: Set<[UInt8]> = []
    private var count = 0

    /// Removes everything below `target` but `paths`, `.git` folders and stores; links go, not what they
    /// point at.
    ///
    /// - Returns: The number of files removed, folders not counted.
    /// - Throws: ``FileError``.
    package static func remove(from target: FilePath, keeping paths: Set<[UInt8]>) throws -> Int {
        var extra = ExtraFiles(target: target, paths: paths)
        for path in paths {
            var folder = path[...]
            while let slash = folder.lastIndex(of: UInt8(ascii: "/")) {
                folder = folder[..<slash]
                guard extra.folders.insert(Array(folder)).inserted else { break }
            }
        }
        try extra.clear([], openAt(AT_FDCWD, target, at: target))
        return extra.count
    }

    private init(target: FilePath, paths: Set<[UInt8]>) {
        self.target = target
        self.paths = paths
    }

    private static func openAt(_ parent: CInt, _ name: FilePath, at path: FilePath) throws(FileError) -> CInt
    {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (parent == AT_FDCWD ? 0 : O_NOFOLLOW)
        let opened = name.withPlatformString { openat(parent, $0, flags) }
        guard opened >= 0 else { throw FileError("read the folder", path, errno) }
        return opened
    }

    /// Clears an open folder, and closes it.
    private mutating func clear(_ folder: [UInt8], _ descriptor: CInt) throws {
        defer { close(descriptor) }
        for name in try FilePath.entries(of: descriptor, at: target.appending(bytes: folder)) {
            let relative = folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name
            guard !paths.contains(relative), !Self.isProtected(name) else { continue }
            let path = target.appending(bytes: relative)
            let file = FilePath(bytes: name)
            guard let status = FileStatus(of: file, in: FileDescriptor(rawValue: descriptor)) else {
                continue
            }
            guard status.kind == .folder else {
                try unlink(file, 0, in: descriptor, at: path)
                count += 1
                continue
            }
            guard !path.isStore else { continue }
            try clear(relative, Self.openAt(descriptor, file, at: path))
            // What holds something protected stays.
            if !folders.contains(relative) { try unlink(file, AT_REMOVEDIR, in: descriptor, at: path) }
        }
    }

    private static func isProtected(_ name: [UInt8]) -> Bool {
        name.elementsEqual(".git".utf8) || name.starts(with: PartialFolder.prefix.utf8)
    }

    private func unlink(_ name: FilePath, _ flags: CInt, in folder: CInt, at path: FilePath) throws(FileError)
    {
        let status = name.withPlatformString { unlinkat(folder, $0, flags) }
        let isKept = flags == AT_REMOVEDIR && (errno == ENOTEMPTY || errno == EEXIST)
        guard status == 0 || isKept || errno == ENOENT else { throw FileError("remove", path, errno) }
    }
}
