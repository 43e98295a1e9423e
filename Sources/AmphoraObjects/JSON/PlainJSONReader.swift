/// Reads JSON as programs mostly write it, many times as fast as Foundation's reader.
///
/// What is unusual is left to that one, which says what is wrong: malformed text, members given twice, whole numbers of
/// more than 18 digits or with an exponent, and nesting that nobody writes.
struct PlainJSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// As deep as Foundation's reader goes.
    private static let deepest = 512
    /// Those that a `Double` holds exactly.
    private static let powersOfTen: [Double] = (0...22).reduce(into: []) { powers, _ in
        powers.append((powers.last ?? 0.1) * 10)
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The value that all of the text is, or `nil` if another reader has to look at it.
    static func value(of text: some Collection<UInt8>) -> JSONValue? {
        text.withContiguousStorageIfAvailable { bytes -> JSONValue? in
            var reader = PlainJSONReader(bytes)
            let value = reader.value(depth: 0)
            reader.skipSpace()
            return reader.position == bytes.count ? value : nil
        } ?? nil
    }

    private mutating func value(depth: Int) -> JSONValue? {
        skipSpace()
        guard depth <= Self.deepest, let byte = peek else { return nil }
        switch byte {
        case UInt8(ascii: "{"): return object(depth: depth + 1)
        case UInt8(ascii: "["): return array(depth: depth + 1)
        case UInt8(ascii: "\""): return string().map(JSONValue.string)
        case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var members: [String: JSONValue] = [:]
        position += 1
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\""), let name = string(), take(":"), let value = value(depth: depth),
                members.updateValue(value, forKey: name) == nil
            else { return nil }
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var values: [JSONValue] = []
        position += 1
        if take("]") { return .array(values) }
        repeat {
            guard let value = value(depth: depth) else { return nil }
            values.append(value)
        } while take(",")
        return take("]") ? .array(values) : nil
    }

    private mutating func string() -> String? {
        position += 1
        var start = position
        // What is before `start`, escapes resolved.
        var text: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { return nil }
            guard byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            text += bytes[start..<position]
            guard let scalar = escaped() else { return nil }
            text += Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            start = position
        }
        guard position < bytes.count else { return nil }
        position += 1
        let rest = bytes[start..<position - 1]
        return text.isEmpty
            ? String(validating: rest, as: UTF8.self) : String(validating: text + rest, as: UTF8.self)
    }

    /// What an escape stands for, which begins here with its `\`.
    private mutating func escaped() -> Unicode.Scalar? {
        guard position + 1 < bytes.count else { return nil }
        position += 2
        switch bytes[position - 1] {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "u"):
            guard let high = codeUnit() else { return nil }
            guard UTF16.isLeadSurrogate(high) else { return Unicode.Scalar(high) }
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { return nil }
            position += 2
            guard let low = codeUnit(), UTF16.isTrailSurrogate(low) else { return nil }
            return Unicode.Scalar(0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(low & 0x3FF)))
        case let byte where #""\/"#.utf8.contains(byte): return Unicode.Scalar(byte)
        default: return nil
        }
    }

    /// Four digits, hexadecimal.
    private mutating func codeUnit() -> UInt16? {
        guard position + 4 <= bytes.count else { return nil }
        var number = UInt16(0)
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
            number = number << 4 | UInt16(digit)
        }
        position += 4
        return number
    }

    private mutating func number() -> JSONValue? {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let first = position
        var digits = Int64(0)
        let wholeCount = addDigits(to: &digits)
        guard wholeCount > 0, wholeCount == 1 || bytes[first] != UInt8(ascii: "0") else { return nil }
        var fractionCount = 0
        if peek == UInt8(ascii: ".") {
            position += 1
            fractionCount = addDigits(to: &digits)
            guard fractionCount > 0 else { return nil }
        }
        let isNegative = first > start
        let isPlain = peek.map { $0 | 0x20 != UInt8(ascii: "e") } ?? true
        if isPlain, fractionCount == 0 {
            return wholeCount <= 18 ? .int(isNegative ? -digits : digits) : nil
        }
        if isPlain, wholeCount + fractionCount <= 15 {
            // Both are exact, so that the quotient is as near as can be.
            let magnitude = Double(digits) / Self.powersOfTen[fractionCount]
            let value = isNegative ? -magnitude : magnitude
            return Int64(exactly: value).map { .int($0) } ?? .double(value)
        }
        while let byte = peek, Self.mayBeInNumber(byte) { position += 1 }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite,
            value != value.rounded()
        else { return nil }
        return .double(value)
    }

    /// Adds up to 18 digits, and passes over the rest.
    ///
    /// - Returns: How many there are.
    private mutating func addDigits(to number: inout Int64) -> Int {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            if number < 100_000_000_000_000_000 { number = number * 10 + Int64(byte - UInt8(ascii: "0")) }
            position += 1
        }
        return position - start
    }

    private static func mayBeInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func word(_ word: StaticString) -> Bool {
        guard position + word.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[position + index] != word.utf8Start[index] {
            return false
        }
        position += word.utf8CodeUnitCount
        return true
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Whether this sign comes next; then it is passed over, with the space before it.
    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: sign) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }
}
