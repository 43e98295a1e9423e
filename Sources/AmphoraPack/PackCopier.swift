import AmphoraObjects
package import SystemPackage

/// Makes a pack of entries that others have, byte for byte: nothing is inflated or deflated.
///
/// For one thread at a time.
package final class PackCopier {
    private let writer: PackWriter
    /// Where each object begins in the new pack.
    private var offsets: [ObjectID: Int] = [:]

    /// Length of the new pack so far, in bytes.
    package var byteCount: Int { writer.byteCount }

    package var objectCount: Int { offsets.count }

    /// - Parameter writer: Writes the new pack; nothing is in it yet.
    package init(_ writer: PackWriter) { self.writer = writer }

    /// Appends an object, unless it is here.
    package func append(_ entry: PackEntry) throws {
        guard offsets[entry.id] == nil else { return }
        offsets[entry.id] = writer.byteCount
        try writer.append(entry)
    }

    /// Copies an entry, and before it the one that it is a delta on.
    ///
    /// - Parameters:
    ///   - number: Which of `entries`.
    ///   - entries: All of the pack, in its order.
    ///   - pack: Where they lie.
    /// - Throws: ``MalformedObject`` if the entry or one below it is damaged: nothing is copied of it then;
    ///   `Errno`.
    package func copy(_ number: Int, of entries: [PackReader.Entry], from pack: PackReader) throws {
        // From the delta to what is whole, then back.
        var chain: [(entry: PackReader.Entry, bytes: [UInt8], delta: PackDelta?)] = []
        var next: Int? = number
        while let current = next, offsets[entries[current].id] == nil {
            let bytes = try pack.bytes(of: entries[current])
            let delta = try PackDelta(decoding: bytes)
            chain.append((entries[current], bytes, delta))
            next = try delta.map { try pack.base(of: $0, at: entries[current], in: entries) }
            guard chain.count <= entries.count else { throw PackReader.noBase }
        }
        var baseOffset = next.flatMap { offsets[entries[$0].id] }
        for (entry, bytes, delta) in chain.reversed() {
            let start = writer.byteCount
            if let delta, let base = baseOffset {
                try append(PackEntry(entry.id, bytes: delta.moved(bytes, distance: start - base)))
            } else {
                try append(PackEntry(entry.id, bytes: bytes))
            }
            baseOffset = start
        }
    }

    /// Makes the pack durable and seen.
    ///
    /// - Parameter isPromisor: As ``PackWriter/finish(isPromisor:)`` takes it.
    /// - Returns: The path of the index.
    /// - Throws: `Errno`.
    package func finish(isPromisor: Bool = false) throws -> FilePath {
        try writer.finish(isPromisor: isPromisor)
    }
}
