extension String {
    /// How many columns of a terminal the text takes.
    ///
    /// A grapheme cluster takes one column; two if it is an emoji or begins with a scalar of the East Asian
    /// wide blocks; none if it begins with a combining or invisible scalar. Terminals agree on this for nearly
    /// all text, though not for all emoji.
    var displayWidth: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.displayWidth }
    }

    /// Cuts the text, to end in `…`, if it takes more than `width` columns.
    ///
    /// - Parameter width: Zero or more.
    /// - Returns: Text of at most `width` columns.
    func truncated(toWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var result = ""
        var taken = 1
        for character in self {
            taken += character.displayWidth
            guard taken <= width else { break }
            result.append(character)
        }
        while result.last == " " { result.removeLast() }
        return result + "…"
    }
}

extension Character {
    /// See `String.displayWidth`.
    fileprivate var displayWidth: Int {
        guard let first = unicodeScalars.first, !isASCII else { return 1 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        let isEmoji = first.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}")
        return isEmoji || first.isEastAsianWide ? 2 : 1
    }
}

extension Unicode.Scalar {
    /// Whether the scalar lies in the blocks of Unicode's EastAsianWidth.txt that are all or nearly all wide.
    fileprivate var isEastAsianWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
