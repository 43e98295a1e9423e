package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What lies in a target folder and not in the version restored there.
package enum ExtraFiles {
    /// Removes everything below `target` but `paths`; links are removed, never followed.
    ///
    /// - Returns: The number of files removed, folders not counted.
    /// - Throws: ``FileError``.
    package static func remove(from target: FilePath, keeping paths: Set<[UInt8]>) throws -> Int {
        var folders: Set<[UInt8]> = []
        for path in paths {
            var folder = path[...]
            while let slash = folder.lastIndex(of: UInt8(ascii: "/")) {
                folder = folder[..<slash]
                guard folders.insert(Array(folder)).inserted else { break }
            }
        }
        return try remove(below: [], of: target, paths, folders)
    }

    private static func remove(
        below folder: [UInt8], of target: FilePath, _ paths: Set<[UInt8]>, _ folders: Set<[UInt8]>
    ) throws -> Int {
        var count = 0
        for name in try target.appending(bytes: folder).folderEntries() {
            let relative = folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name
            guard !paths.contains(relative) else { continue }
            let path = target.appending(bytes: relative)
            guard try FileStatus(of: path, followLinks: false).kind == .folder else {
                guard path.withPlatformString({ unlink($0) }) == 0 else {
                    throw FileError("remove", path, errno)
                }
                count += 1
                continue
            }
            count += try remove(below: relative, of: target, paths, folders)
            guard !folders.contains(relative) else { continue }
            guard path.withPlatformString({ rmdir($0) }) == 0 else { throw FileError("remove", path, errno) }
        }
        return count
    }
}
