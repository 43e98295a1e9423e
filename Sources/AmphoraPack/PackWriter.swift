package import AmphoraObjects
import Crypto
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes one pack and its index: version 2 of both, without deltas, as gitformat-pack(5) has them.
///
/// For one thread at a time. After a failure every later call fails: what is in the file then is not known.
package final class PackWriter {
    /// So much is written at once, and read at once to be checked.
    private static let blockByteCount = 1 << 20

    private let folder: FilePath
    private let temporary: FilePath
    private let descriptor: FileDescriptor
    private var entries: [PackIndex.Entry] = []
    /// The end of the pack, not written yet.
    private var buffer: [UInt8] = []
    private var isBroken = false

    /// Length of the pack so far, in bytes.
    package private(set) var byteCount = 0

    /// The objects in the pack so far.
    package var ids: [ObjectID] { entries.map(\.id) }

    /// - Parameters:
    ///   - folder: The folder `objects/pack` of a repository, where the pack is to be.
    ///   - temporary: Where it is until it is whole: a new file in the same file system.
    /// - Throws: `Errno`.
    package init(in folder: FilePath, by temporary: FilePath) throws {
        self.folder = folder
        self.temporary = temporary
        descriptor = try FileDescriptor.open(
            temporary, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        buffer.reserveCapacity(2 * Self.blockByteCount)
        buffer = Self.header(entryCount: 0)
        byteCount = buffer.count
    }

    deinit {
        try? descriptor.close()
        for path in [temporary, index] { _ = path.withPlatformString { unlink($0) } }
    }

    private var index: FilePath { FilePath("\(temporary).idx") }

    private static func header(entryCount: Int) -> [UInt8] {
        Array("PACK".utf8) + [0, 0, 0, 2] + PackIndex.bytes(UInt32(entryCount))
    }

    /// Appends an object; each once.
    ///
    /// - Throws: `Errno`.
    package func append(_ entry: PackEntry) throws {
        guard !isBroken else { throw Errno.ioError }
        entries.append(PackIndex.Entry(id: entry.id, crc32: entry.crc32, offset: byteCount))
        byteCount += entry.bytes.count
        buffer += entry.bytes
        if buffer.count >= Self.blockByteCount { try flush() }
    }

    private func flush() throws {
        let start = byteCount - buffer.count
        try unlessBroken { try descriptor.writeAll(toAbsoluteOffset: Int64(start), buffer) }
        #if canImport(Glibc)
        // Linux begins to write what is advised away, so that little is left to wait for in the end. What is
        // not on the disk yet stays in memory, to be read again.
        posix_fadvise(descriptor.rawValue, off_t(start), off_t(buffer.count), POSIX_FADV_DONTNEED)
        #endif
        buffer.removeAll(keepingCapacity: true)
    }

    private func unlessBroken(_ body: () throws -> Void) throws {
        guard !isBroken else { throw Errno.ioError }
        isBroken = true
        try body()
        isBroken = false
    }

    /// Makes the pack durable and gives it its name, the index last: that is what makes it seen.
    ///
    /// - Parameter isPromisor: Whether a remote has promised to send what objects in the pack name: a file
    ///   `.promisor` beside it lets git accept that it is not here.
    /// - Returns: The path of the index.
    /// - Throws: `Errno`; `EIO` if the pack does not read as it was written.
    @discardableResult
    package func finish(isPromisor: Bool = false) throws -> FilePath {
        try flush()
        isBroken = true  // Whatever happens, nothing more can be added.
        let header = Self.header(entryCount: entries.count)
        try descriptor.writeAll(toAbsoluteOffset: 0, header)
        let checksum = try checksum(of: header)
        try descriptor.writeAll(toAbsoluteOffset: Int64(byteCount), checksum)
        try descriptor.sync()
        try check(header, checksum)
        try write(PackIndex.encoded(entries, packChecksum: checksum), to: index)
        let name = folder.appending("pack-\(ObjectID(checksum))")
        try rename(temporary, to: FilePath("\(name).pack"))
        if isPromisor { try write([], to: FilePath("\(name).promisor")) }
        try rename(index, to: FilePath("\(name).idx"))
        let opened = try FileDescriptor.open(folder, .readOnly, options: .closeOnExec)
        try opened.closeAfter { try opened.sync() }
        return FilePath("\(name).idx")
    }

    /// SHA-1 of all that is written, read again: its beginning is known only now.
    private func checksum(of header: [UInt8]) throws -> [UInt8] {
        var hash = Insecure.SHA1()
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockByteCount, alignment: 16)
        defer { block.deallocate() }
        var offset = 0
        while offset < byteCount {
            let count = try descriptor.read(fromAbsoluteOffset: Int64(offset), into: block)
            guard count > 0 else { throw Errno.ioError }
            let read = UnsafeRawBufferPointer(rebasing: block[..<min(count, byteCount - offset)])
            hash.update(bufferPointer: read)
            offset += count
        }
        return Array(hash.finalize())
    }

    /// Reads the ends of the pack again, after it went to the disk.
    private func check(_ header: [UInt8], _ checksum: [UInt8]) throws {
        var bytes = [UInt8](repeating: 0, count: header.count + checksum.count)
        let count = try bytes.withUnsafeMutableBytes { bytes in
            let head = UnsafeMutableRawBufferPointer(rebasing: bytes[..<header.count])
            let tail = UnsafeMutableRawBufferPointer(rebasing: bytes[header.count...])
            return try descriptor.read(fromAbsoluteOffset: 0, into: head)
                + descriptor.read(fromAbsoluteOffset: Int64(byteCount), into: tail)
        }
        let end = try descriptor.seek(offset: 0, from: .end)
        guard count == bytes.count, bytes == header + checksum, end == byteCount + checksum.count else {
            throw Errno.ioError
        }
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter {
            _ = try file.writeAll(bytes)
            try file.sync()
        }
    }

    private func rename(_ old: FilePath, to new: FilePath) throws {
        let status = old.withPlatformString { old in
            new.withPlatformString { renameat(AT_FDCWD, old, AT_FDCWD, $0) }
        }
        guard status == 0 else { throw Errno(rawValue: errno) }
    }
}
