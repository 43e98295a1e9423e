package import AmphoraObjects
package import SystemPackage

/// Reads whole objects from a pack; deltas are left to others.
package final class PackReader: Sendable {
    private let index: PackIndex
    private let descriptor: FileDescriptor
    private let byteCount: Int

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
        byteCount = Int((try? descriptor.seek(offset: 0, from: .end)) ?? 0)
        guard (try? bytes(at: byteCount - 20, count: 20)) == index.packChecksum else { return nil }
    }

    deinit { try? descriptor.close() }

    /// Whether the object is in the pack, as far as the index knows.
    package func contains(_ id: ObjectID) -> Bool { index.offset(of: id) != nil }

    /// The object, checked against its ID.
    ///
    /// - Returns: `nil` if it is not here, or is here as a delta.
    /// - Throws: ``MalformedObject`` if it is damaged.
    package func object(_ id: ObjectID, with inflater: Inflater) throws -> (
        kind: ObjectKind, content: [UInt8]
    )? {
        guard let offset = index.offset(of: id) else { return nil }
        let start = try bytes(at: offset, count: 32)
        guard let header = start.withUnsafeBytes({ PackEntryHeader(decoding: $0) }) else {
            throw Self.malformed
        }
        guard let kind = header.kind else { return nil }
        // What does not compress grows by a few bytes in a thousand, whoever wrote it.
        let bound = header.contentCount + header.contentCount / 64 + 64
        let stream = try bytes(at: offset + header.byteCount, count: bound)
        let content = try stream.withUnsafeBytes { try inflater.inflate($0, byteCount: header.contentCount) }
        guard ObjectHasher.id(of: kind, content) == id else { throw Self.malformed }
        return (kind, content)
    }

    /// Up to `count` bytes from an offset, fewer at the pack's end.
    private func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0, offset <= byteCount else { throw Self.malformed }
        let wanted = min(count, byteCount - offset)
        return try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, done in
            let target = UnsafeMutableRawBufferPointer(buffer)
            while done < wanted {
                let part = UnsafeMutableRawBufferPointer(rebasing: target[done..<wanted])
                let got = try descriptor.read(fromAbsoluteOffset: Int64(offset + done), into: part)
                guard got > 0 else { return }
                done += got
            }
        }
    }

    private static var malformed: MalformedObject {
        MalformedObject(kind: "object", reason: "its entry in the pack is damaged")
    }
}
