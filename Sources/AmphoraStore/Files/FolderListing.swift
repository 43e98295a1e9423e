package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FilePath {
    /// The names in the folder, without `.` and `..`, sorted as bytes.
    ///
    /// - Throws: ``FileError``.
    package func folderEntries() throws(FileError) -> [[UInt8]] {
        let opened = withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard opened >= 0 else { throw FileError("read the folder", self, errno) }
        defer { close(opened) }
        return try Self.entries(of: opened, at: self)
    }

    /// The names in an open folder; `path` is for messages.
    static func entries(of descriptor: CInt, at path: FilePath) throws(FileError) -> [[UInt8]] {
        // fdopendir(3) takes over what it is given.
        guard let folder = fdopendir(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) else {
            throw FileError("read the folder", path, errno)
        }
        defer { closedir(folder) }
        rewinddir(folder)
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw FileError("read the folder", path, errno) }
                return names.sorted { $0.lexicographicallyPrecedes($1) }
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            if name != [46], name != [46, 46] { names.append(name) }
        }
    }
}
