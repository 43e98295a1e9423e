package import AmphoraObjects

/// An object as a pack holds it: a header and a zlib stream.
package struct PackEntry: Sendable {
    let id: ObjectID
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
        self.id = id
        self.bytes = bytes
        crc32 = Deflater.crc32(bytes)
    }
}
