import AmphoraPack

/// Looks at the frame of a PNG file (ISO/IEC 15948), without decoding its pixels.
struct PNGReader {
    private let bytes: [UInt8]
    private var offset: Int

    /// The width and the height that the header states.
    ///
    /// - Throws: ``PNGError`` if a chunk is cut short or damaged, or one that every file has is missing. What
    ///   follows the end chunk is not looked at.
    static func size(of bytes: [UInt8]) throws(PNGError) -> (width: Int, height: Int) {
        guard bytes.starts(with: PNGEncoder.signature) else { throw PNGError(.malformed("no PNG signature")) }
        var reader = PNGReader(bytes: bytes, offset: PNGEncoder.signature.count)
        let header = try reader.nextChunk()
        guard header.type == "IHDR", header.data.count == 13 else {
            throw PNGError(.malformed("it does not begin with a header"))
        }
        var hasPixels = false
        while true {
            switch try reader.nextChunk().type {
            case "IDAT": hasPixels = true
            case "IEND":
                guard hasPixels else { throw PNGError(.malformed("it has no pixels")) }
                return (bigEndian(header.data, at: 0), bigEndian(header.data, at: 4))
            default: break
            }
        }
    }

    private mutating func nextChunk() throws(PNGError) -> (type: String, data: [UInt8]) {
        guard bytes.count - offset >= 12 else { throw PNGError(.malformed("it is cut short")) }
        let length = Self.bigEndian(bytes, at: offset)
        guard bytes.count - offset - 12 >= length else { throw PNGError(.malformed("it is cut short")) }
        let body = Array(bytes[offset + 4..<offset + 8 + length])
        let type = String(decoding: body.prefix(4), as: UTF8.self)
        guard Self.bigEndian(bytes, at: offset + 8 + length) == Int(Deflater.crc32(body)) else {
            throw PNGError(.malformed("the checksum of chunk '\(type)' at byte \(offset) is wrong"))
        }
        offset += 12 + length
        return (type, Array(body.dropFirst(4)))
    }

    private static func bigEndian(_ bytes: [UInt8], at offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
}
