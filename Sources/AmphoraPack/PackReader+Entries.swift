package import AmphoraObjects

/// All of a pack, one entry after another, each as it is stored.
extension PackReader {
    /// Where an object lies in the pack.
    package struct Entry: Sendable {
        package let id: ObjectID
        /// From the pack's beginning, in bytes.
        package let offset: Int
        /// Length of header and stream.
        package let byteCount: Int
        let crc32: UInt32
    }

    /// All entries in the order of the pack.
    ///
    /// - Throws: ``MalformedObject`` if the index names places that are not in the pack.
    package func entries() throws(MalformedObject) -> [Entry] {
        var places: [(offset: Int, position: Int)] = []
        places.reserveCapacity(index.count)
        for position in 0..<index.count {
            guard let offset = index.offset(at: position), offset >= 12, offset < entriesEnd else {
                throw MalformedObject(kind: "pack", reason: "its index names a place that is not in it")
            }
            places.append((offset, position))
        }
        places.sort { $0.offset < $1.offset }
        return places.indices.map { number in
            let (offset, position) = places[number]
            let end = number + 1 < places.count ? places[number + 1].offset : entriesEnd
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
}
