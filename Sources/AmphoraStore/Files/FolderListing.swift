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
        guard let folder = withPlatformString({ opendir($0) }) else {
            throw FileError("read the folder", self, errno)
        }
        defer { closedir(folder) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                guard errno == 0 else { throw FileError("read the folder", self, errno) }
                return names.sorted { $0.lexicographicallyPrecedes($1) }
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            if name != [46], name != [46, 46] { names.append(name) }
        }
    }
}
