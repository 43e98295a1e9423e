/// The patterns of one or more ignore files, in the order of their precedence.
///
/// The rules are those of gitignore(5), on bytes: the last pattern that matches decides, and a pattern of a
/// deeper folder comes after all those of the folders above it. Case matters.
package struct IgnoreRules: Sendable {
    /// By the folder of the ignore file, in the order in which they were added.
    private var patterns: [ArraySlice<UInt8>: [IgnorePattern]] = [:]
    /// The longest key of ``patterns``: the folders below it need no look-up.
    private var longestBase = 0

    /// Creates rules that ignore nothing.
    package init() {}

    /// Whether no pattern was added that could match anything.
    package var isEmpty: Bool { patterns.isEmpty }

    /// Adds the lines of an ignore file.
    ///
    /// Lines end in LF or CR LF, and a byte order mark at the start is passed over, as git does it.
    ///
    /// - Parameters:
    ///   - text: The contents of the file.
    ///   - base: The path of the folder in which the file lies; the root is the empty path. Patterns added
    ///     later override those added earlier for the same folder, and those of folders above it.
    package mutating func add(file text: [UInt8], in base: [UInt8]) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = text.starts(with: byteOrderMark) ? text.dropFirst(byteOrderMark.count) : text[...]
        let lines = content.split(separator: UInt8(ascii: "\n"))
        let new = lines.compactMap { line in
            IgnorePattern(line: line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
        add(new, in: base)
    }

    /// Adds one pattern as if it stood in an ignore file at the root.
    package mutating func add(pattern: String) {
        add(IgnorePattern(line: pattern.utf8).map { [$0] } ?? [], in: [])
    }

    private mutating func add(_ new: [IgnorePattern], in base: [UInt8]) {
        guard !new.isEmpty else { return }
        let key = base.last == UInt8(ascii: "/") ? base.dropLast() : base[...]
        patterns[key, default: []] += new
        longestBase = max(longestBase, key.count)
    }

    /// Whether the entry itself is ignored.
    ///
    /// The folders above it are taken not to be: a walk does not go into ignored folders, so no pattern can
    /// take back in what lies below one.
    ///
    /// - Parameters:
    ///   - path: The entry's path from the root, without a slash at either end.
    ///   - isDirectory: Whether the entry is a folder; a symbolic link to one is not.
    /// - Returns: `true` if the entry is to be left out.
    /// - Complexity: O(*p*) matches, for *p* patterns in the folders above the entry.
    package func isIgnored(_ path: [UInt8], isDirectory: Bool) -> Bool {
        let slash = UInt8(ascii: "/")
        var baseEnd = path.lastIndex(of: slash)
        let name = path.span.extracting((baseEnd.map { $0 + 1 } ?? 0)...)
        while true {
            let base = path[..<(baseEnd ?? 0)]
            if base.count <= longestBase, let candidates = patterns[base] {
                let relative = path.span.extracting((baseEnd.map { $0 + 1 } ?? 0)...)
                for pattern in candidates.reversed()
                where pattern.matches(path: relative, name: name, isDirectory: isDirectory) {
                    return !pattern.isNegated
                }
            }
            guard baseEnd != nil else { return false }
            baseEnd = base.lastIndex(of: slash)
        }
    }
}
