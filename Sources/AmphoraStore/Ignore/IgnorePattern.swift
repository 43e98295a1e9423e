/// One line of an ignore file: what it matches, and whether that is ignored or taken back in.
struct IgnorePattern: Sendable {
    /// What the wildcards are held against.
    private enum Subject {
        /// The last component: the pattern has no slash, so it holds in all folders below.
        case name(ComponentGlob)
        /// The path from the folder of the ignore file.
        case path(PathGlob)
        /// The path again, for a pattern without wildcards.
        case exactPath([UInt8])
        /// Anything: the pattern is `**`.
        case anything
    }

    /// Whether the line begins with `!`: what it matches is not ignored.
    let isNegated: Bool
    private let matchesOnlyFolders: Bool
    private let subject: Subject

    /// Reads a line, which comes without its line ending.
    ///
    /// - Returns: `nil` if the line has no effect: it is blank, a comment, or can match nothing.
    init?(line: some Sequence<UInt8>) {
        // Git reads the line as a C string.
        var pattern = Self.trimmed(Array(line.prefix { $0 != 0 }))[...]
        guard pattern.first != UInt8(ascii: "#") else { return nil }
        isNegated = pattern.first == UInt8(ascii: "!")
        if isNegated { pattern.removeFirst() }
        matchesOnlyFolders = pattern.last == UInt8(ascii: "/")
        if matchesOnlyFolders { pattern.removeLast() }
        guard !pattern.isEmpty else { return nil }

        let isAnchored = pattern.contains(UInt8(ascii: "/"))
        if pattern.first == UInt8(ascii: "/") { pattern.removeFirst() }
        guard !pattern.isEmpty, let glob = GlobParser.parse(pattern) else { return nil }
        if isAnchored {
            subject = glob.literal.map { .exactPath($0) } ?? .path(glob)
        } else if case .one(let name)? = glob.components.first {
            subject = .name(name)
        } else {
            subject = .anything
        }
    }

    /// Whether the pattern matches an entry.
    ///
    /// - Parameters:
    ///   - path: The entry's path from the folder of the ignore file.
    ///   - name: The last component of `path`.
    ///   - isDirectory: Whether the entry is a folder; a symbolic link to one is not.
    /// - Returns: Whether it matches; what follows from that is up to ``isNegated``.
    func matches(path: Span<UInt8>, name: Span<UInt8>, isDirectory: Bool) -> Bool {
        guard isDirectory || !matchesOnlyFolders else { return false }
        switch subject {
        case .name(let glob): return glob.matches(name)
        case .path(let glob): return glob.matches(path)
        case .exactPath(let bytes): return path.isEqual(to: bytes)
        case .anything: return true
        }
    }

    /// The line without the spaces at its end; a space after a backslash stays.
    private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
        var end = 0  // past the last byte to keep
        var isEscaped = false
        for (index, byte) in line.enumerated() {
            if isEscaped || byte != UInt8(ascii: " ") { end = index + 1 }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        }
        return line[..<end]
    }
}
