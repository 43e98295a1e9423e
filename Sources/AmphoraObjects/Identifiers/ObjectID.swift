/// The name of a Git object: the SHA-1 of its header and content, 20 bytes.
///
/// Stored as three big-endian integers, so that `<` is the byte order that pack indexes are
/// sorted by (gitformat-pack(5)) and hashing costs three integer mixes.
public struct ObjectID: Hashable, Sendable {
    /// Length of the binary form, in bytes.
    public static let byteCount = 20

    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// Creates an ID from its binary form.
    ///
    /// - Parameter bytes: Exactly ``byteCount`` bytes. Any other length is a programmer error.
    public init(bytes: Span<UInt8>) {
        precondition(bytes.count == Self.byteCount, "object ID must be 20 bytes, got \(bytes.count)")
        high = Self.bigEndian(bytes, from: 0)
        middle = Self.bigEndian(bytes, from: 8)
        low = UInt32(truncatingIfNeeded: Self.bigEndian(bytes, from: 12))
    }

    /// Creates an ID from 40 hexadecimal digits, white space around them ignored.
    ///
    /// - Throws: ``Malformed`` if there are more or fewer, or something else among them.
    public init(hex text: String) throws(Malformed) {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }
        var digits = Array(text.utf8.drop(while: isSpace))
        while let last = digits.last, isSpace(last) { digits.removeLast() }
        guard let id = ObjectID(hexDigits: digits) else { throw Malformed(text: text) }
        self = id
    }

    /// Creates an ID from 40 hexadecimal digits, or returns `nil` for anything else.
    package init?(hexDigits digits: some RandomAccessCollection<UInt8>) {
        guard digits.count == 2 * Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (index, digit) in digits.enumerated() {
            guard let nibble = Self.nibble(digit) else { return nil }
            switch index {
            case 0..<16: words.0 = words.0 << 4 | UInt64(nibble)
            case 16..<32: words.1 = words.1 << 4 | UInt64(nibble)
            default: words.2 = words.2 << 4 | UInt64(nibble)
            }
        }
        (high, middle, low) = (words.0, words.1, UInt32(truncatingIfNeeded: words.2))
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Creates an ID from its binary form in a larger buffer.
    ///
    /// - Parameters:
    ///   - bytes: A buffer that holds at least 20 bytes from `offset` on.
    ///   - offset: Where the ID begins.
    package init(_ bytes: some RandomAccessCollection<UInt8>, at offset: Int = 0) {
        let start = bytes.index(bytes.startIndex, offsetBy: offset)
        self.init(bytes: Array(bytes[start..<bytes.index(start, offsetBy: Self.byteCount)]).span)
    }

    /// Creates an ID from its binary form in memory, without a copy of it.
    ///
    /// - Parameters:
    ///   - bytes: Memory that holds at least 20 bytes from `offset` on.
    ///   - offset: Where the ID begins.
    package init(in bytes: UnsafeRawBufferPointer, at offset: Int) {
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
        low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt32.self))
    }

    /// The first byte, by which pack indexes and folders of loose objects are divided.
    package var firstByte: UInt8 { UInt8(truncatingIfNeeded: high >> 56) }

    /// The ID of nothing: what git writes where a ref does not exist.
    package static let zero = ObjectID([UInt8](repeating: 0, count: byteCount))

    /// Text that is not an object ID.
    public struct Malformed: UserFacingError {
        let text: String
        public var code: ErrorCode { .invalidArgument }
        public var message: String { "'\(text)' is not an object ID" }
        public var hint: String? { "An object ID is 40 hexadecimal digits." }
    }

    /// The binary form.
    public var bytes: InlineArray<20, UInt8> {
        InlineArray { index in
            switch index {
            case 0..<8: UInt8(truncatingIfNeeded: high >> UInt64(8 * (7 - index)))
            case 8..<16: UInt8(truncatingIfNeeded: middle >> UInt64(8 * (15 - index)))
            default: UInt8(truncatingIfNeeded: low >> UInt32(8 * (19 - index)))
            }
        }
    }

    /// Appends the binary form to a buffer.
    package func append(to buffer: inout [UInt8]) {
        let bytes = self.bytes
        for index in bytes.indices { buffer.append(bytes[index]) }
    }

    private static func bigEndian(_ bytes: Span<UInt8>, from start: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<(start + 8) { value = value << 8 | UInt64(bytes[index]) }
        return value
    }
}

extension ObjectID: Comparable {
    public static func < (lhs: ObjectID, rhs: ObjectID) -> Bool {
        (lhs.high, lhs.middle, lhs.low) < (rhs.high, rhs.middle, rhs.low)
    }
}

extension ObjectID: CustomStringConvertible {
    /// The 40 lower-case hexadecimal digits.
    public var description: String {
        hex(high, digits: 16) + hex(middle, digits: 16) + hex(UInt64(low), digits: 8)
    }

    private func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
