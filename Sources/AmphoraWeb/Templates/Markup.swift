import Mustache

/// Text for HTML, escaped code point by code point.
///
/// A quote with an accent is one `Character` that is no quote, but two code points to a browser, of which the first ends an
/// attribute.
struct Markup: MustacheContentType {
    /// By which templates ask for it.
    static let name = "MARKUP"

    func escapeText(_ text: String) -> String { Self.escape(text) }

    static func escape(_ text: String) -> String {
        // All that is replaced is ASCII, or begins with this byte.
        guard text.utf8.contains(where: { $0 == 0xE2 || replacement(Unicode.Scalar($0)) != nil }) else {
            return text
        }
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count + 32)
        for scalar in text.unicodeScalars {
            if let replacement = replacement(scalar) {
                escaped += replacement
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Text in which backticks mean code, as messages have them; all of it escaped.
    static func code(_ text: String) -> String {
        escape(text).replacing(/`([^`]+)`/) { "<code>\($0.1)</code>" }
    }

    /// Zero bytes become what HTML's parsers make of them; what would turn the text behind it around is shown instead.
    private static func replacement(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "<": "&lt;"
        case ">": "&gt;"
        case "&": "&amp;"
        case "\"": "&quot;"
        case "'": "&#39;"
        case "\0": "\u{FFFD}"
        case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": "\\u{\(String(scalar.value, radix: 16))}"
        default: nil
        }
    }
}
