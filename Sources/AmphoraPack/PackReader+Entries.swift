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

extension PackReader {
    /// An entry and the object in it: its bytes compared with the index's checksum, its content with its ID.
    ///
    /// - Returns: `nil` for a delta.
    /// - Throws: ``MalformedObject`` if it is not sound, or not all of what lies there.
    package func object(
        of entry: Entry, with inflater: Inflater
    ) throws -> (entry: PackEntry, kind: ObjectKind, content: [UInt8])? {
        let bytes = try bytes(of: entry)
        guard let header = bytes.withUnsafeBytes({ PackEntryHeader(decoding: $0) }) else {
            throw EntryReader.malformed
        }
        guard let kind = header.kind else { return nil }
        let content = try bytes.withUnsafeBytes { bytes in
            try inflater.inflateAll(
                UnsafeRawBufferPointer(rebasing: bytes[header.byteCount...]), byteCount: header.contentCount)
        }
        guard ObjectHasher.id(of: kind, content) == entry.id else {
            throw MalformedObject(kind: "object", reason: "its content is not what its ID says")
        }
        return (PackEntry(entry.id, bytes: bytes, crc32: entry.crc32), kind, content)
    }
}

/// What deltas are deltas on.
extension PackReader {
    /// The objects that wanted ones are deltas on, directly or not.
    ///
    /// - Throws: ``MalformedObject`` if the index names places that are not in the pack.
    package func bases(of isWanted: (ObjectID) -> Bool) throws(MalformedObject) -> [ObjectID] {
        let entries = try entries()
        var found: Set<Int> = []
        for number in entries.indices where isWanted(entries[number].id) {
            var next = number
            // What is damaged is found when it is copied.
            while let delta = try? PackDelta(decoding: bytes(from: entries[next].offset, count: 64)),
                let base = try? base(of: delta, at: entries[next], in: entries), found.insert(base).inserted
            {
                next = base
            }
        }
        return found.map { entries[$0].id }
    }

    /// Which entry a delta is on.
    func base(of delta: PackDelta, at entry: Entry, in entries: [Entry]) throws(MalformedObject) -> Int {
        let offset: Int? =
            switch delta.base {
            case .distance(let distance): entry.offset - distance
            case .object(let id): index.offset(of: id)
            }
        guard let offset else { throw Self.noBase }
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].offset == offset else { throw Self.noBase }
        return low
    }

    static var noBase: MalformedObject {
        MalformedObject(kind: "object", reason: "what it is a delta on is not in its pack")
    }
}
