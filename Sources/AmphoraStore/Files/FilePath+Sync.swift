import AmphoraPack
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension FilePath {
    /// Waits until the file, or the folder's list of names, is on the disk.
    package func syncToDisk() throws {
        do {
            let descriptor = try FileDescriptor.open(self, .readOnly, options: .closeOnExec)
            try descriptor.closeAfter { try descriptor.sync() }
        } catch {
            throw FileError("write to the disk", self, error)
        }
    }

    /// Writes a file, over what is in it, and waits until it is on the disk.
    ///
    /// - Parameters:
    ///   - bytes: Its content.
    ///   - finish: What to do when it is written and not on the disk yet.
    /// - Throws: ``FileError``.
    func writeDurably(_ bytes: [UInt8], _ finish: (FileDescriptor) -> Void = { _ in }) throws {
        do {
            let descriptor = try FileDescriptor.open(
                self, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try descriptor.closeAfter {
                _ = try descriptor.writeAll(bytes)
                finish(descriptor)
                try descriptor.sync()
            }
        } catch {
            throw FileError("write", self, error)
        }
    }

    /// Renames a file, over one of that name.
    package func rename(to target: FilePath) throws(FileError) {
        let status = withPlatformString { old in
            target.withPlatformString { renameat(AT_FDCWD, old, AT_FDCWD, $0) }
        }
        guard status == 0 else { throw FileError("put a file at", target, errno) }
    }
}
