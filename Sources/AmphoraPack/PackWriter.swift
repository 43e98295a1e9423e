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
/// For one thread at a time. The pack has a temporary name, which `git prune` knows, until ``finish()``.
/// After a failure every later call fails: what is in the file then is not known.
package final class PackWriter {
    private let folder: FilePath
    private let temporary: FilePath
    private let descriptor: FileDescriptor
    private var entries: [PackIndex.Entry] = []
    private var isBroken = false
    private var isFinished = false

    /// Length of the pack so far, in bytes.
    package private(set) var byteCount = 0

    /// - Parameter folder: The folder `objects/pack` of a repository.
    /// - Throws: `Errno`.
    package init(in folder: FilePath) throws {
        self.folder = folder
        temporary = folder.appending(
            "tmp_pack_amphora_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
        descriptor = try FileDescriptor.open(
            temporary, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try append(Self.header(entryCount: 0))
    }

    deinit {
        try? descriptor.close()
        if !isFinished { _ = temporary.withPlatformString { unlink($0) } }
    }

    private static func header(entryCount: Int) -> [UInt8] {
        Array("PACK".utf8) + [0, 0, 0, 2] + PackIndex.bytes(UInt32(entryCount))
    }

    /// Appends an object.
    ///
    /// - Parameters:
    ///   - id: Its ID; each object once.
    ///   - kind: Its kind.
    ///   - contentCount: Length of its content, in bytes.
    ///   - stream: Its content as a zlib stream.
    /// - Throws: `Errno`.
    package func append(_ id: ObjectID, _ kind: ObjectKind, contentCount: Int, stream: [UInt8]) throws {
        var bytes = PackEntryHeader(kind: kind, contentCount: contentCount).encoded
        bytes += stream
        entries.append(PackIndex.Entry(id: id, crc32: Deflater.crc32(bytes), offset: byteCount))
        try append(bytes)
    }

    private func append(_ bytes: [UInt8]) throws {
        guard !isBroken else { throw Errno.ioError }
        do {
            try descriptor.writeAll(toAbsoluteOffset: Int64(byteCount), bytes)
            byteCount += bytes.count
        } catch {
            isBroken = true
            throw error
        }
    }

    /// Makes the pack durable and gives it its name, the index last: that is what makes it seen.
    ///
    /// - Throws: `Errno`.
    package func finish() throws {
        guard !isBroken else { throw Errno.ioError }
        isBroken = true  // Whatever happens, nothing more can be added.
        try descriptor.writeAll(toAbsoluteOffset: 0, Self.header(entryCount: entries.count))
        let checksum = try checksum()
        try descriptor.writeAll(toAbsoluteOffset: Int64(byteCount), checksum)
        try sync(descriptor)
        let digits = checksum.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let name = folder.appending("pack-\(digits)")
        let index = FilePath("\(temporary).idx")
        try write(PackIndex.encoded(entries, packChecksum: checksum), to: index)
        try rename(temporary, to: FilePath("\(name).pack"))
        isFinished = true
        try rename(index, to: FilePath("\(name).idx"))
        let opened = try FileDescriptor.open(folder, .readOnly, options: .closeOnExec)
        try opened.closeAfter { try sync(opened) }
    }

    /// SHA-1 of all that is written.
    private func checksum() throws -> [UInt8] {
        var hash = Insecure.SHA1()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while offset < byteCount {
            let count = try descriptor.read(fromAbsoluteOffset: Int64(offset), into: buffer)
            guard count > 0 else { throw Errno.ioError }
            hash.update(
                bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<min(count, byteCount - offset)]))
            offset += count
        }
        return Array(hash.finalize())
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: [.ownerReadWrite, .groupRead, .otherRead])
        try file.closeAfter {
            _ = try file.writeAll(bytes)
            try sync(file)
        }
    }

    private func sync(_ file: FileDescriptor) throws {
        guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    }

    private func rename(_ old: FilePath, to new: FilePath) throws {
        let status = old.withPlatformString { old in
            new.withPlatformString { renameat(AT_FDCWD, old, AT_FDCWD, $0) }
        }
        guard status == 0 else { throw Errno(rawValue: errno) }
    }
}
