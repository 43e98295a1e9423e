package import AmphoraObjects

/// A loose object: a zlib stream of `blob 12`, NUL and the content.
package struct LooseObject {
    package let kind: ObjectKind
    private let bytes: [UInt8]
    private let headerCount: Int

    /// Reads the file of a loose object and checks that it is the object of this ID.
    ///
    /// - Throws: ``MalformedObject`` if it is not.
    package init(_ file: UnsafeRawBufferPointer, id: ObjectID, with inflater: Inflater)
        throws(MalformedObject)
    {
        bytes = try inflater.inflate(file)
        let header = bytes.prefix(32).prefix { $0 != 0 }.split(separator: UInt8(ascii: " "))
        guard header.count == 2, let kind = ObjectKind(rawValue: String(decoding: header[0], as: UTF8.self)),
            let byteCount = Int(String(decoding: header[1], as: UTF8.self)), byteCount >= 0
        else { throw MalformedObject(kind: "object", reason: "its header is malformed") }
        self.kind = kind
        headerCount = header[0].count + 1 + header[1].count + 1
        guard bytes.count == headerCount + byteCount else {
            throw MalformedObject(kind: "object", reason: "it is not as long as its header says")
        }
        var hasher = ObjectHasher(kind, byteCount: byteCount)
        withContent { hasher.update($0) }
        guard hasher.finalize() == id else {
            throw MalformedObject(kind: "object", reason: "its content is not what its ID says")
        }
    }

    /// The file of a loose object.
    package static func file(
        _ kind: ObjectKind, _ content: UnsafeRawBufferPointer, with deflater: AdaptiveDeflater
    ) -> [UInt8] {
        let header = Array("\(kind.rawValue) \(content.count)\0".utf8)
        let bytes = [UInt8](unsafeUninitializedCapacity: header.count + content.count) { buffer, count in
            let target = UnsafeMutableRawBufferPointer(buffer)
            target.copyBytes(from: header)
            UnsafeMutableRawBufferPointer(rebasing: target[header.count...]).copyMemory(from: content)
            count = header.count + content.count
        }
        return bytes.withUnsafeBytes { deflater.zlib($0) }
    }

    /// Lends the content.
    package func withContent<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[headerCount...])) }
    }
}
