package import SystemPackage

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
    package func syncToDisk() throws { try sync { fsync($0) } }

    /// Waits until all that was written to this folder's file system is on the disk.
    package func syncFileSystem() throws {
        #if canImport(Glibc)
        try sync { syncfs($0) }
        #else
        Darwin.sync()
        #endif
    }

    private func sync(_ call: (CInt) -> CInt) throws {
        do {
            let descriptor = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
            try descriptor.closeAfter {
                guard call(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
        } catch {
            throw FileError("write to the disk", self, error)
        }
    }

    /// Renames a file, over one of that name.
    func rename(to target: FilePath) throws(FileError) {
        let status = withPlatformString { old in
            target.withPlatformString { renameat(AT_FDCWD, old, AT_FDCWD, $0) }
        }
        guard status == 0 else { throw FileError("put a file at", target, errno) }
    }
}
