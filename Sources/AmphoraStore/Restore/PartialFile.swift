import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file being written in a ``PartialFolder``, removed unless it is moved into place.
///
/// To be let go of before the part that it lies in.
final class PartialFile: Sendable {
    private let name: FilePath
    private let folder: PartialFolder.Part
    private let descriptor: FileDescriptor
    private let isMoved = Atomic(false)

    init(_ name: FilePath, in folder: PartialFolder.Part, isExecutable: Bool) throws {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
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
        if !isMoved.load(ordering: .relaxed) {
            _ = name.withPlatformString { unlinkat(folder.descriptor.rawValue, $0, 0) }
        }
    }

    private var path: FilePath { folder.path.appending(name.components) }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw FileError("write", path, error)
        }
    }

    /// Makes the file this long; what is not written is zeros, and takes no room on the disk.
    func resize(to byteCount: Int) throws {
        guard ftruncate(descriptor.rawValue, off_t(byteCount)) == 0 else {
            throw FileError("write", path, errno)
        }
    }

    /// Writes somewhere in the file; from any thread.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        guard !bytes.isEmpty else { return }
        do {
            try reserve(bytes.count, at: offset)
            try descriptor.writeAll(toAbsoluteOffset: Int64(offset), bytes)
        } catch {
            throw FileError("write", path, error)
        }
    }

    /// Room that is reserved at once costs a third of what the file system does page by page.
    private func reserve(_ byteCount: Int, at offset: Int) throws {
        #if canImport(Glibc)
        let error = posix_fallocate(descriptor.rawValue, off_t(offset), off_t(byteCount))
        guard error == 0 || error == EOPNOTSUPP || error == EINVAL else { throw Errno(rawValue: error) }
        #endif
    }

    /// Renames the file into place, over a file or link of that name.
    ///
    /// - Returns: Its status there.
    /// - Throws: ``FileError``.
    func move(
        to target: FilePath, in targetFolder: FileDescriptor, at path: FilePath
    ) throws(FileError) -> FileStatus {
        let status = name.withPlatformString { old in
            target.withPlatformString { new in
                renameat(folder.descriptor.rawValue, old, targetFolder.rawValue, new)
            }
        }
        guard status == 0 else { throw FileError("put the file at", path, errno) }
        isMoved.store(true, ordering: .relaxed)
        return try FileStatus(of: descriptor, at: path)
    }
}
