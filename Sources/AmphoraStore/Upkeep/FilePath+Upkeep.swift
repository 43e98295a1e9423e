package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FilePath {
    /// The files below this folder, each by its path from here; none if it is not there.
    func filesBelow() throws(FileError) -> [[UInt8]] {
        guard isFolder else { return [] }
        var files: [[UInt8]] = []
        for name in try folderEntries() {
            let path = appending(bytes: name)
            // What vanishes meanwhile is not there.
            guard let status = try? FileStatus(of: path, followLinks: false) else { continue }
            if status.kind == .folder {
                files += try path.filesBelow().map { name + [UInt8(ascii: "/")] + $0 }
            } else {
                files.append(name)
            }
        }
        return files
    }

    /// All of a small file.
    package func readAll() throws -> [UInt8] { try FileReader(self).readAll() }

    /// All of a small file of text.
    package func text() throws -> String { String(decoding: try readAll(), as: UTF8.self) }

    package var isFolder: Bool { (try? FileStatus(of: self, followLinks: false))?.kind == .folder }

    /// Length of a file, or of all files in a folder, in bytes; 0 if it is not there.
    package var storedByteCount: Int {
        guard let status = try? FileStatus(of: self, followLinks: false) else { return 0 }
        guard status.kind == .folder else { return status.byteCount }
        return ((try? filesBelow()) ?? []).reduce(0) { $0 + appending(bytes: $1).storedByteCount }
    }

    /// Removes a file; that it is not there is fine.
    package func removeFile() throws(FileError) {
        guard withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
            throw FileError("remove", self, errno)
        }
    }

    /// Removes a folder, if there is nothing in it.
    package func removeIfEmpty() { _ = withPlatformString { rmdir($0) } }

    /// Removes a folder in which there is nothing but folders.
    func removeEmptyFolders() {
        guard isFolder else { return }
        for name in (try? folderEntries()) ?? [] { appending(bytes: name).removeEmptyFolders() }
        removeIfEmpty()
    }

    /// Sets the time of the last change, in nanoseconds since 1970.
    package func setModified(_ time: Int) throws(FileError) {
        let moment = timespec(tv_sec: time / 1_000_000_000, tv_nsec: time % 1_000_000_000)
        let status = withPlatformString { path in
            withUnsafePointer(to: (moment, moment)) { times in
                times.withMemoryRebound(to: timespec.self, capacity: 2) { utimensat(AT_FDCWD, path, $0, 0) }
            }
        }
        guard status == 0 else { throw FileError("set the time of", self, errno) }
    }
}
