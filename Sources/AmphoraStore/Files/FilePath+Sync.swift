import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(Glibc)
/// syncfs(2), which Glibc's module leaves out as a GNU extension.
@_silgen_name("syncfs")
private func syncfs(_ descriptor: CInt) -> CInt
#endif

extension FilePath {
    /// Waits until the file, or the folder's list of names, is on the disk.
    ///
    /// - Returns: `false` if there is no such file.
    func syncIfPresent() throws -> Bool {
        do {
            let descriptor = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter {
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
                return true
            }
        } catch Errno.noSuchFileOrDirectory {
            return false
        }
    }

    /// Waits until all that was written to this folder's file system is on the disk.
    func syncFileSystem() throws {
        #if canImport(Glibc)
        let descriptor = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
        try descriptor.closeAfter {
            guard syncfs(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
        #else
        sync()
        #endif
    }
}
