package import AmphoraObjects
import Crypto
package import SystemPackage

/// A pack for upkeep: its entries one after another, each as it is stored.
///
/// Any number of threads may read from one.
package final class PackFile: Sendable {
    /// Where an object lies in the pack.
    package struct Entry: Sendable {
        package let id: ObjectID
        /// From the pack's beginning, in bytes.
        package let offset: Int
        /// Length of header and stream.
        package let byteCount: Int
        let crc32: UInt32
    }

    /// The path of the index.
    package let path: FilePath
    package let index: PackIndex
    /// Length of the pack, in bytes.
    package let byteCount: Int
    private let descriptor: FileDescriptor

    /// Opens a pack by the path of its index.
    ///
    /// - Throws: ``MalformedObject`` if one of them is not there, is malformed, or belongs to another pack.
    package init(index path: FilePath) throws(MalformedObject) {
        guard let index = PackIndex(path: path.string) else {
            throw MalformedObject(kind: "pack", reason: "its index is damaged or breaks off")
        }
        let pack = FilePath("\(path.string.dropLast(4)).pack")
        guard let descriptor = try? FileDescriptor.open(pack, .readOnly, options: .closeOnExec) else {
            throw MalformedObject(kind: "pack", reason: "it is not there, or cannot be read")
        }
        self.path = path
        self.index = index
        self.descriptor = descriptor
        byteCount = Int((try? descriptor.seek(offset: 0, from: .end)) ?? 0)
        guard byteCount >= 32, bytes(from: byteCount - 20, count: 20) == index.packChecksum else {
            throw MalformedObject(kind: "pack", reason: "it breaks off, or belongs to another index")
        }
    }

    deinit { try? descriptor.close() }

    /// All entries in the order of the pack.
    ///
    /// - Throws: ``MalformedObject`` if the index names places that are not in the pack.
    package func entries() throws(MalformedObject) -> [Entry] {
        var places: [(offset: Int, position: Int)] = []
        places.reserveCapacity(index.count)
        for position in 0..<index.count {
            guard let offset = index.offset(at: position), offset >= 12, offset < byteCount - 20 else {
                throw MalformedObject(kind: "pack", reason: "its index names a place that is not in it")
            }
            places.append((offset, position))
        }
        places.sort { $0.offset < $1.offset }
        return places.indices.map { number in
            let (offset, position) = places[number]
            let end = number + 1 < places.count ? places[number + 1].offset : byteCount - 20
            return Entry(
                id: index.id(at: position), offset: offset, byteCount: end - offset,
                crc32: index.crc32(at: position))
        }
    }

    /// Header and stream of an entry, compared with the index's checksum.
    ///
    /// - Throws: ``MalformedObject`` if they differ.
    package func bytes(of entry: Entry) throws(MalformedObject) -> [UInt8] {
        let bytes = bytes(from: entry.offset, count: entry.byteCount)
        guard bytes.count == entry.byteCount, Deflater.crc32(bytes) == entry.crc32 else {
            throw MalformedObject(kind: "object", reason: "its entry in the pack is damaged")
        }
        return bytes
    }

    /// As many bytes as the pack has from there, up to `count`.
    package func bytes(from offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            let target = UnsafeMutableRawBufferPointer(buffer)
            while done < count {
                let part = UnsafeMutableRawBufferPointer(rebasing: target[done..<count])
                guard let got = try? descriptor.read(fromAbsoluteOffset: Int64(offset + done), into: part),
                    got > 0
                else { return }
                done += got
            }
        }
    }

    /// The content of an object, not compared with its ID.
    ///
    /// - Returns: `nil` if it is not here, or is here as a delta.
    /// - Throws: ``MalformedObject`` if it cannot be inflated.
    package func uncheckedContent(
        of id: ObjectID, with inflater: Inflater
    ) throws -> [UInt8]? {
        guard let offset = index.offset(of: id) else { return nil }
        let start = bytes(from: offset, count: min(32, byteCount - offset))
        guard let header = start.withUnsafeBytes({ PackEntryHeader(decoding: $0) }), header.kind != nil else {
            return nil
        }
        // What does not compress grows by a few bytes in a thousand, whoever wrote it.
        let bound = header.contentCount + header.contentCount / 64 + 64
        let place = offset + header.byteCount
        let stream = bytes(from: place, count: min(bound, byteCount - place))
        return try stream.withUnsafeBytes { try inflater.inflate($0, byteCount: header.contentCount) }
    }
}
