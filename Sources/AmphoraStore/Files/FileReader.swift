import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads a user's file, which may change or vanish at any time.
struct FileReader: ~Copyable {
    let path: FilePath
    let descriptor: FileDescriptor

    /// - Throws: ``FileError``.
    init(_ path: FilePath) throws {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            throw FileError("read", path, error)
        }
    }

    /// Reads an open file, and closes it; `path` is for messages.
    init(_ descriptor: FileDescriptor, at path: FilePath) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a name in an open folder; a link is an error, and `path` is for messages.
    init(_ name: FilePath, in folder: FileDescriptor, at path: FilePath) throws {
        self.path = path
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC
        let opened = name.withPlatformString { openat(folder.rawValue, $0, flags) }
        guard opened >= 0 else { throw FileError("read", path, errno) }
        descriptor = FileDescriptor(rawValue: opened)
    }

    deinit { try? descriptor.close() }

    /// Reads the whole file.
    ///
    /// - Throws: ``FileChanged`` if it is not as long as `status` says, or does not have it afterwards;
    ///   ``FileError``.
    func readAll(expecting status: FileStatus) throws -> [UInt8] {
        let bytes = try [UInt8](unsafeUninitializedCapacity: status.byteCount) { buffer, count in
            count = try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
        // A status that is the same now was the same all the time: see `SourceFile`.
        guard bytes.count == status.byteCount, try FileStatus(of: descriptor, at: path) == status else {
            throw FileChanged(path: path)
        }
        return bytes
    }

    /// Runs `body` and checks that the file had the same status before and after it.
    func unchanged<Result>(_ status: FileStatus, _ body: () throws -> Result) throws -> Result {
        guard try FileStatus(of: descriptor, at: path) == status else { throw FileChanged(path: path) }
        let result = try body()
        guard try FileStatus(of: descriptor, at: path) == status else { throw FileChanged(path: path) }
        return result
    }

    /// Fills the buffer, or as much of it as the file has.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var total = 0
        while total < buffer.count {
            do {
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[total...])
                let count = try descriptor.read(into: rest)
                if count == 0 { break }
                total += count
            } catch {
                throw FileError("read", path, error)
            }
        }
        return total
    }

    /// The rest of a small file.
    func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Hands out the rest of the file in pieces of up to 1 MiB.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            if count < buffer.count { return }
        }
    }
}
