/// A set of bytes, with a membership test that takes constant time.
struct ByteSet: Hashable, Sendable {
    private var words = SIMD4<UInt64>()

    /// Creates the empty set.
    init() {}

    /// Creates the set of the ASCII characters of a POSIX character class, as git defines them.
    ///
    /// Git's `space` has neither the vertical tab nor the form feed, unlike that of C. No class has a byte
    /// above 127.
    ///
    /// - Returns: `nil` if there is no class of this name.
    init?(className: some Sequence<UInt8>) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let lowercase = UInt8(ascii: "a")...UInt8(ascii: "z")
        let uppercase = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let visible: ClosedRange<UInt8> = 33...126

        switch String(decoding: Array(className), as: UTF8.self) {
        case "alnum": self = ByteSet(digits, lowercase, uppercase)
        case "alpha": self = ByteSet(lowercase, uppercase)
        case "blank": self = ByteSet(9...9, 32...32)
        case "cntrl": self = ByteSet(0...31, 127...127)
        case "digit": self = ByteSet(digits)
        case "graph": self = ByteSet(visible)
        case "lower": self = ByteSet(lowercase)
        case "print": self = ByteSet(32...126)
        case "punct": self = ByteSet(33...47, 58...64, 91...96, 123...126)
        case "space": self = ByteSet(9...10, 13...13, 32...32)
        case "upper": self = ByteSet(uppercase)
        case "xdigit":
            self = ByteSet(
                digits, UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"))
        default: return nil
        }
    }

    private init(_ ranges: ClosedRange<UInt8>...) {
        for range in ranges { formUnion(range) }
    }

    /// The bytes that are not in the set.
    var inverted: ByteSet {
        var result = self
        result.words = ~words
        return result
    }

    func contains(_ byte: UInt8) -> Bool {
        words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0
    }

    mutating func insert(_ byte: UInt8) {
        words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
    }

    mutating func formUnion(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    mutating func formUnion(_ other: ByteSet) {
        words |= other.words
    }
}
