extension ByteSet {
    /// Reads a bracket, `[a-z_]` or `[![:space:]]`, of which the opening `[` has been read.
    ///
    /// A `]` that comes first is a member, and so is a `-` at either end or after a range. A backslash makes
    /// the next byte a member. A range that runs backwards is empty.
    ///
    /// - Returns: `nil` if the bracket is not closed or names an unknown character class.
    init?(bracketIn reader: inout PatternReader) {
        let isNegated = reader.take("!") || reader.take("^")
        var members = ByteSet()
        var rangeStart: UInt8?  // what a `-` that comes next would begin from
        var isFirst = true
        while isFirst || !reader.isNext("]") {
            isFirst = false
            guard let byte = reader.next() else { return nil }
            switch byte {
            case UInt8(ascii: "-"):
                if let lower = rangeStart, !reader.isAtEnd, !reader.isNext("]") {
                    guard let upper = Self.member(in: &reader) else { return nil }
                    if lower <= upper { members.formUnion(lower...upper) }
                    rangeStart = nil
                    continue
                }
            case UInt8(ascii: "[") where reader.isNext(":"):
                guard let end = reader.rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
                let text = reader.rest[..<end].dropFirst()
                guard text.last == UInt8(ascii: ":") else { break }
                guard let characterClass = ByteSet(className: text.dropLast()) else { return nil }
                members.formUnion(characterClass)
                reader.skip(end + 1 - reader.position)
                rangeStart = nil
                continue
            case UInt8(ascii: "\\"):
                guard let escaped = reader.next() else { return nil }
                members.insert(escaped)
                rangeStart = escaped
                continue
            default:
                break
            }
            members.insert(byte)
            rangeStart = byte
        }
        reader.skip(1)
        self = isNegated ? members.inverted : members
    }

    /// Takes one byte that stands for itself, or the one after a backslash.
    private static func member(in reader: inout PatternReader) -> UInt8? {
        guard let byte = reader.next() else { return nil }
        return byte == UInt8(ascii: "\\") ? reader.next() : byte
    }
}
