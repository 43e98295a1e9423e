/// Takes a file apart from front to back; all integers and floats are little endian.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - magic: The text that such a file starts with.
    /// - Throws: ``FormatError/wrongMagic(expected:)`` if this file starts otherwise.
    init(_ bytes: [UInt8], magic: String) throws(FormatError) {
        self.bytes = bytes
        guard bytes.starts(with: magic.utf8) else { throw .wrongMagic(expected: magic) }
        position = magic.utf8.count
    }

    mutating func readBytes(count: Int) throws(FormatError) -> ArraySlice<UInt8> {
        let available = bytes.count - position
        guard count <= available else { throw .truncated(needed: count, available: available) }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func readUInt32() throws(FormatError) -> UInt32 {
        try readBytes(count: 4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads an unsigned 32-bit number that is a count or a length.
    mutating func readCount() throws(FormatError) -> Int {
        Int(try readUInt32())
    }

    mutating func readFloats(count: Int) throws(FormatError) -> [Float] {
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: 4)
        guard !overflow else { throw .tooLarge(shape: [count]) }
        return try readBytes(count: byteCount).withUnsafeBytes { raw in
            (0..<count).map { index in
                let bits = raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: bits))
            }
        }
    }

    /// Checks that nothing is left over.
    func finish() throws(FormatError) {
        guard position == bytes.count else { throw .trailingBytes(count: bytes.count - position) }
    }
}

extension ByteReader {
    /// The number of elements of a shape read from a file, which may be nonsense.
    static func elementCount(of shape: [Int]) throws(FormatError) -> Int {
        var count = 1
        for dimension in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw .tooLarge(shape: shape) }
            count = product
        }
        return count
    }
}
