package import AmphoraObjects

/// An object as a pack holds it: a header and a zlib stream.
package struct PackEntry: Sendable {
    package let id: ObjectID
    /// Header and stream.
    let bytes: [UInt8]
    let crc32: UInt32

    /// - Parameters:
    ///   - id: The object's ID.
    ///   - kind: Its kind.
    ///   - content: All of its content.
    ///   - deflater: Makes the stream.
    package init(
        _ id: ObjectID, _ kind: ObjectKind, _ content: UnsafeRawBufferPointer,
        with deflater: AdaptiveDeflater
    ) {
        let header = PackEntryHeader(kind: kind, contentCount: content.count).encoded
        self.init(id, bytes: deflater.zlib(content, after: header))
    }

    /// An entry as another pack holds it.
    package init(_ id: ObjectID, bytes: [UInt8]) {
        self.init(id, bytes: bytes, crc32: Deflater.crc32(bytes))
    }

    /// An entry whose CRC-32 is known.
    init(_ id: ObjectID, bytes: [UInt8], crc32: UInt32) {
        self.id = id
        self.bytes = bytes
        self.crc32 = crc32
    }

    /// Length of header and stream.
    package var byteCount: Int { bytes.count }
}
