import AmphoraGit
import AmphoraObjects
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The file of packed refs at one time: git renames a new one to its place.
struct PackedRefsFile {
    let status: FileStatus
    private let bytes: [UInt8]

    /// - Returns: `nil` if there is none.
    /// - Throws: ``FileError``.
    init?(_ name: String, in repository: FileDescriptor) throws {
        let path = FilePath(name)
        let opened = openat(repository.rawValue, name, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            if errno == ENOENT { return nil }
            throw FileError("read", path, errno)
        }
        let file = FileReader(FileDescriptor(rawValue: opened), at: path)
        status = try FileStatus(of: file.descriptor, at: path)
        bytes = try file.readAll()
    }

    /// The refs whose names begin with one of `prefixes`.
    ///
    /// - Throws: `MalformedObject`.
    func refs(below prefixes: [String]) throws -> [String: ObjectID] {
        let prefixes = prefixes.map { Array($0.utf8) }
        var refs: [String: ObjectID] = [:]
        _ = try bytes.withUnsafeBytes { bytes in
            try PackedRefs.read(bytes) { name, target in
                guard prefixes.contains(where: { name.starts(with: $0) }) else { return }
                refs[String(decoding: name, as: UTF8.self)] = target
            }
        }
        return refs
    }
}
