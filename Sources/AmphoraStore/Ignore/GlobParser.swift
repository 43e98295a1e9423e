/// Reads the wildcards of an ignore pattern.
///
/// The grammar is that of gitignore(5). For what the manual leaves open it is git's behaviour, as the tests
/// find it out: a backslash takes away the meaning of the next byte, an escaped slash still is a separator,
/// and a run of stars that does not fill a component is one star.
struct GlobParser {
    private var reader: PatternReader
    private var components: [PathGlob.Component] = []

    /// Reads a pattern, which comes without its `!`, its leading slash and its trailing slash.
    ///
    /// - Returns: `nil` if the pattern cannot match anything: a bracket is not closed, a character class is
    ///   unknown, or a backslash comes last.
    static func parse(_ pattern: some Sequence<UInt8>) -> PathGlob? {
        var parser = GlobParser(reader: PatternReader(Array(pattern)))
        repeat {
            guard parser.readComponent() else { return nil }
        } while parser.reader.take("/") || parser.reader.take("\\/")
        return PathGlob(components: parser.components)
    }

    /// Reads up to the next separator; `false` if that is malformed.
    private mutating func readComponent() -> Bool {
        guard !readAnyDepth() else { return true }
        var tokens: [ComponentGlob.Token] = []
        while !reader.isNext("/"), !reader.isNext("\\/"), let byte = reader.next() {
            guard let token = readToken(startingWith: byte) else { return false }
            if token == .anyBytes, tokens.last == .anyBytes { continue }
            tokens.append(token)
        }
        components.append(.one(ComponentGlob(tokens)))
        return true
    }

    /// Reads two or more stars if they are all of the component, and says whether they were.
    ///
    /// Before an escaped slash they stand for at least one component.
    private mutating func readAnyDepth() -> Bool {
        let stars = reader.rest.prefix { $0 == UInt8(ascii: "*") }
        guard stars.count > 1 else { return false }
        var after = reader
        after.skip(stars.count)
        let isBeforeEscapedSlash = after.isNext("\\/")
        guard after.isAtEnd || after.isNext("/") || isBeforeEscapedSlash else { return false }
        reader = after
        components.append(.anyDepth)
        if isBeforeEscapedSlash { components.append(.one(ComponentGlob([.anyBytes]))) }
        return true
    }

    private mutating func readToken(startingWith byte: UInt8) -> ComponentGlob.Token? {
        switch byte {
        case UInt8(ascii: "?"): .anyByte
        case UInt8(ascii: "*"): .anyBytes
        case UInt8(ascii: "["): ByteSet(bracketIn: &reader).map { .oneOf($0) }
        case UInt8(ascii: "\\"): reader.next().map { .byte($0) }
        default: .byte(byte)
        }
    }
}
