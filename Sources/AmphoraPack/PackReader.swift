package import AmphoraObjects
package import SystemPackage

/// An open pack and its index; any number of threads may read from one.
///
/// The pack is read with pread(2) and not mapped: reading a mapped file that somebody shortens, or a bad
/// disk, ends the process. It stays readable when it is deleted meanwhile.
package final class PackReader: Sendable {
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
        let pack = path.pack
        guard let descriptor = try? FileDescriptor.open(pack, .readOnly, options: .closeOnExec) else {
            throw MalformedObject(kind: "pack", reason: "it is not there, or cannot be read")
        }
        self.path = path
        self.index = index
        self.descriptor = descriptor
        byteCount = Int((try? descriptor.seek(offset: 0, from: .end)) ?? 0)
        guard byteCount >= 32, bytes(from: entriesEnd, count: 20) == index.packChecksum else {
            throw MalformedObject(kind: "pack", reason: "it breaks off, or belongs to another index")
        }
    }

    deinit { try? descriptor.close() }

    /// Where the checksum begins that ends the pack.
    package var entriesEnd: Int { byteCount - 20 }

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

    /// As many bytes as can be read from there, up to `count`.
    func bytes(from offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            let target = UnsafeMutableRawBufferPointer(buffer)
            done =
                (try? read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: target[..<count]))) ?? 0
        }
    }
}

extension FilePath {
    /// The pack that the index at this path is of.
    package var pack: FilePath { FilePath("\(string.dropLast(4)).pack") }
}
