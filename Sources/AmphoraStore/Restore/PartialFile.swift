import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file being written in a ``PartialFolder``, removed unless it is moved into place.
struct PartialFile: ~Copyable {
    private let name: FilePath
    private let folder: PartialFolder
    private let descriptor: FileDescriptor

    init(_ name: FilePath, in folder: PartialFolder, isExecutable: Bool) throws {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC
        let opened = name.withPlatformString {
            openat(folder.descriptor.rawValue, $0, flags, mode_t(isExecutable ? 0o777 : 0o666))
        }
        guard opened >= 0 else { throw FileError("write", folder.path.appending(name.components), errno) }
        descriptor = FileDescriptor(rawValue: opened)
        self.name = name
        self.folder = folder
    }

    deinit {
        try? descriptor.close()
        _ = name.withPlatformString { unlinkat(folder.descriptor.rawValue, $0, 0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw FileError("write", folder.path.appending(name.components), error)
        }
    }

    /// Renames the file into place, over a file or link of that name.
    func move(to target: FilePath, in targetFolder: FileDescriptor, at path: FilePath) throws {
        let status = name.withPlatformString { old in
            target.withPlatformString { new in
                renameat(folder.descriptor.rawValue, old, targetFolder.rawValue, new)
            }
        }
        guard status == 0 else { throw FileError("put the file at", path, errno) }
    }
}
