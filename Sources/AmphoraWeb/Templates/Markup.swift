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
        guard text.utf8.contains(where: { replacement($0) != nil }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            if let replacement = replacement(byte) { bytes += replacement.utf8 } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text in which backticks mean code, as messages have them; all of it escaped.
    static func code(_ text: String) -> String {
        escape(text).replacing(/`([^`]+)`/) { "<code>\($0.1)</code>" }
    }

    /// Zero bytes become what HTML's parsers make of them.
    private static func replacement(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case 0: "\u{FFFD}"
        default: nil
        }
    }
}
