package import AmphoraObjects
package import SystemPackage

/// An open pack and its index.
///
/// The pack is read with pread(2) and not mapped: reading a mapped file that somebody shortens, or a bad
/// disk, ends the process. It stays readable when it is deleted meanwhile.
package final class PackReader: Sendable {
    private let index: PackIndex
    private let descriptor: FileDescriptor
    /// Length of the pack without the checksum at its end.
    let byteCount: Int

    /// Opens a pack beside the index at this path.
    ///
    /// `nil` if one of them is not there, is malformed, or belongs to another pack.
    package init?(index path: FilePath) {
        let pack = FilePath("\(path.string.dropLast(4)).pack")
        guard let index = PackIndex(path: path.string),
            let descriptor = try? FileDescriptor.open(pack, .readOnly, options: .closeOnExec)
        else { return nil }
        self.index = index
        self.descriptor = descriptor
        byteCount = Int((try? descriptor.seek(offset: 0, from: .end)) ?? 0) - 20
        var checksum = [UInt8](repeating: 0, count: 20)
        let count = try? checksum.withUnsafeMutableBytes { try read(at: byteCount, into: $0) }
        guard count == 20, checksum == index.packChecksum else { return nil }
    }

    deinit { try? descriptor.close() }

    /// Where the object begins, or `nil` if it is not here.
    package func offset(of id: ObjectID) -> Int? { index.offset(of: id) }

    /// The object, checked against its ID.
    ///
    /// - Returns: `nil` if it is not here, or is here as a delta.
    /// - Throws: ``MalformedObject`` if it is damaged.
    package func object(_ id: ObjectID, with inflater: Inflater) throws -> (
        kind: ObjectKind, content: [UInt8]
    )? {
        let reader = EntryReader(inflater)
        guard let offset = offset(of: id), let entry = try reader.entry(at: offset, in: self) else {
            return nil
        }
        let content = try [UInt8](unsafeUninitializedCapacity: entry.contentCount) { buffer, count in
            let target = UnsafeMutableRawBufferPointer(buffer)
            try reader.read(
                id, at: offset, in: self,
                into: UnsafeMutableRawBufferPointer(rebasing: target[..<entry.contentCount]))
            count = entry.contentCount
        }
        return (entry.kind, content)
    }

    /// Fills the buffer from an offset, or as much of it as the pack has.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset >= 0 else { throw EntryReader.malformed }
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = try descriptor.read(fromAbsoluteOffset: Int64(offset + done), into: rest)
            if count == 0 { break }
            done += count
        }
        return done
    }
}
