package import AmphoraObjects

/// Reads entries of packs, for one thread at a time.
///
/// Objects that were written together are read together, so an entry that follows on the last one makes it
/// read ahead.
package final class EntryReader {
    private static let aheadCount = 64 << 10
    /// What is longer is nothing that Amphora writes, and is left to others.
    private static let mostContent = 64 << 20

    private let inflater: Inflater
    private let buffer = ByteBuffer()
    private var pack: PackReader?
    /// What of the pack is in the buffer.
    private var window = 0..<0
    private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The end of the last entry read.
    private var end = 0

    package init(_ inflater: Inflater = Inflater()) { self.inflater = inflater }

    /// The kind and length of the object that begins at an offset.
    ///
    /// - Returns: `nil` for a delta, and for what is longer than anything that should be read here.
    /// - Throws: ``MalformedObject``, `Errno`.
    package func entry(at offset: Int, in pack: PackReader) throws -> (kind: ObjectKind, contentCount: Int)? {
        let header: PackEntryHeader?
        let wanted = max(0, min(32, pack.entriesEnd - offset))
        if isHeld(offset, wanted, pack) {
            header = PackEntryHeader(decoding: slice(offset, wanted))
        } else {
            header = try withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
                let count = try pack.read(at: offset, into: room)
                return PackEntryHeader(decoding: UnsafeRawBufferPointer(rebasing: room[..<count]))
            }
        }
        guard let header else { throw Self.malformed }
        guard let kind = header.kind, header.contentCount <= Self.mostContent else { return nil }
        return (kind, header.contentCount)
    }

    /// Reads the object that begins at an offset, and is no delta, into a buffer of its length.
    ///
    /// - Parameters:
    ///   - id: The object's ID.
    ///   - offset: Where it begins.
    ///   - pack: The pack that it is in.
    ///   - content: Is filled.
    ///   - isVerified: Whether the content is checked against the ID; otherwise the caller has to know better.
    /// - Returns: Its kind.
    /// - Throws: ``MalformedObject`` if it is damaged, or not the object of this ID; `Errno`.
    @discardableResult
    package func read(
        _ id: ObjectID, at offset: Int, in pack: PackReader, into content: UnsafeMutableRawBufferPointer,
        isVerified: Bool = true
    ) throws -> ObjectKind {
        // What does not compress grows by a few bytes in a thousand, whoever wrote it.
        let bound = content.count + content.count / 64 + 64
        let ahead = pack === self.pack && offset == end ? Self.aheadCount : 0
        let entry = try load(offset, bound, orMore: ahead, pack)
        guard let header = PackEntryHeader(decoding: entry), let kind = header.kind,
            header.contentCount == content.count
        else { throw Self.malformed }
        let stream = UnsafeRawBufferPointer(rebasing: entry[header.byteCount...])
        end = offset + header.byteCount + (try inflater.inflate(stream, into: content))
        guard isVerified else { return kind }
        var hasher = ObjectHasher(kind, byteCount: content.count)
        hasher.update(UnsafeRawBufferPointer(content))
        guard hasher.finalize() == id else { throw Self.malformed }
        return kind
    }

    /// Up to `count` bytes from an offset, fewer at the pack's end; valid until the next call.
    private func load(
        _ offset: Int, _ count: Int, orMore ahead: Int, _ pack: PackReader
    ) throws -> UnsafeRawBufferPointer {
        guard offset >= 0, offset < pack.entriesEnd else { throw Self.malformed }
        let wanted = min(count, pack.entriesEnd - offset)
        if !isHeld(offset, wanted, pack) {
            self.pack = nil
            buffer.trim()
            let room = buffer.room(for: min(max(count, ahead), pack.entriesEnd - offset))
            let got = try pack.read(at: offset, into: room)
            bytes = UnsafeRawBufferPointer(rebasing: room[..<got])
            window = offset..<(offset + got)
            self.pack = pack
        }
        return slice(offset, wanted)
    }

    private func isHeld(_ offset: Int, _ count: Int, _ pack: PackReader) -> Bool {
        pack === self.pack && offset >= window.lowerBound && offset + count <= window.upperBound
    }

    private func slice(_ offset: Int, _ count: Int) -> UnsafeRawBufferPointer {
        let start = offset - window.lowerBound
        return UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + count, bytes.count)])
    }

    static var malformed: MalformedObject {
        MalformedObject(kind: "object", reason: "its entry in the pack is damaged")
    }
}
