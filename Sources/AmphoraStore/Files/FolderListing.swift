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
        var names: [[UInt8]] = []
        try forEachName(in: descriptor, at: path) { name throws(FileError) in
            names.append(
                Array(UnsafeBufferPointer(start: name, count: strlen(name))).map(UInt8.init(bitPattern:)))
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Hands out the names in an open folder, in no certain order; `path` is for messages.
    static func forEachName(
        in descriptor: CInt, at path: FilePath, _ body: (UnsafePointer<CChar>) throws(FileError) -> Void
    ) throws(FileError) {
        // fdopendir(3) takes over what it is given.
        guard let folder = fdopendir(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) else {
            throw FileError("read the folder", path, errno)
        }
        defer { closedir(folder) }
        rewinddir(folder)
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return }
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw FileError("read the folder", path, errno) }
                return
            }
            let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
            if strcmp(name, ".") != 0, strcmp(name, "..") != 0 { try body(name) }
        }
    }
}
