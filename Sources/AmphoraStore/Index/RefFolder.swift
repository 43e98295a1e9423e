import AmphoraGit
import AmphoraObjects
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open folder of loose refs.
final class RefFolder {
    /// Where it is, below the repository.
    let name: String
    let stamp: RefStamp
    /// A time before anything was looked at.
    private let time = FileStatus.now()
    private let descriptor: FileDescriptor

    /// Opens a folder below the repository's.
    ///
    /// - Returns: `nil` if there is none.
    /// - Throws: ``FileError`` if it cannot be read.
    init?(_ name: String, in repository: FileDescriptor) throws(FileError) {
        let opened = openat(repository.rawValue, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileError("read the folder", FilePath(name), errno)
        }
        descriptor = FileDescriptor(rawValue: opened)
        self.name = name
        do {
            stamp = RefStamp(try FileStatus(of: descriptor, at: FilePath(name)), lookedAt: time)
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    deinit { try? descriptor.close() }

    /// A file in the folder, as far as its status says.
    struct Entry {
        let name: String
        let isFolder: Bool
        let stamp: RefStamp
    }

    /// Hands out what is in the folder.
    func forEachEntry(_ body: (Entry) -> Void) throws(FileError) {
        try FilePath.forEachName(in: descriptor.rawValue, at: FilePath(name)) { file in
            guard let status = FileStatus(of: file, in: descriptor) else { return }  // It is gone.
            // A link is followed each time: it may lead anywhere.
            let isLink = status.kind == .link
            let kind = isLink ? FileStatus(of: file, in: descriptor, followLinks: true)?.kind : status.kind
            body(
                Entry(
                    name: String(cString: file), isFolder: kind == .folder,
                    stamp: isLink ? .none : RefStamp(status)))
        }
    }

    /// Reads a loose ref.
    ///
    /// - Returns: What it points at, `nil` if it is no plain ref; and its stamp when it was read. Nothing if it
    ///   is gone.
    func read(_ file: String) -> (target: ObjectID?, stamp: RefStamp)? {
        let opened = openat(descriptor.rawValue, file, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return errno == ENOENT ? nil : (nil, .none) }
        let descriptor = FileDescriptor(rawValue: opened)
        defer { try? descriptor.close() }
        let status = try? FileStatus(of: descriptor, at: FilePath(file))
        if status?.kind == .folder { return nil }
        guard let status, status.kind == .file else { return (nil, .none) }
        let target = withUnsafeTemporaryAllocation(
            byteCount: LooseRef.maximumByteCount, alignment: 1
        ) { buffer in
            let count = (try? descriptor.read(into: buffer)) ?? 0
            return LooseRef.target(in: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        return (target, target == nil ? .none : RefStamp(status, lookedAt: time))
    }
}
