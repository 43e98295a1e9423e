import Amphora

/// What a page shows of a file's content.
enum FilePreview {
    case text(String, isCut: Bool)
    case markdown(html: String, isCut: Bool)
    case table(header: [String], rows: [[String]], isCut: Bool)
    case image
    /// What cannot be shown: bytes of no kind that is known.
    case nothing

    /// The most bytes of a file that are looked at.
    static let byteLimit = 256 << 10
    static let rowLimit = 200
    /// The most bytes of HTML that a page has of it before the reader asks for more.
    static let pageLimit = 40 << 10

    /// - Parameters:
    ///   - path: Whose ending tells the kind.
    ///   - bytes: The beginning of the file, at most ``byteLimit``.
    ///   - isCut: Whether there is more.
    ///   - limit: About how many bytes of HTML may come of it.
    init(_ path: ArtifactPath, _ bytes: [UInt8], isCut: Bool, limit: Int = .max) {
        let ending = path.description.split(separator: ".").last.map { $0.lowercased() } ?? ""
        if ImageKind(of: bytes) != nil {
            self = .image
            return
        }
        guard let text = Self.text(bytes, isCut: isCut) else {
            self = .nothing
            return
        }
        switch ending {
        case "csv", "tsv":
            let separators: [Unicode.Scalar] = ending == "csv" ? [",", ";"] : ["\t"]
            let tables = separators.lazy.map {
                SeparatedValues.rows(of: text, separator: $0, limit: Self.rowLimit + 1)
            }
            guard let rows = tables.first(where: { ($0.first ?? []).count > 1 }), let header = rows.first
            else {
                self = Self.text(text, isCut: isCut, limit)
                return
            }
            // The last row of what is cut off may be half a row.
            let whole = isCut ? rows.dropFirst().dropLast() : rows.dropFirst()
            var room = limit
            let shown = whole.prefix(Self.rowLimit).prefix { row in
                room -= row.reduce(0) { $0 + Self.length($1) + Self.cellLength }
                return room > 0
            }
            self = .table(header: header, rows: Array(shown), isCut: isCut || shown.count < whole.count)
        case "md" where !isCut, "markdown" where !isCut:
            let shown = Self.beginning(of: text, limit, length: Self.lengthInMarkdown)
            self = .markdown(html: Markdown.html(shown), isCut: shown.utf8.count < text.utf8.count)
        case "json" where !isCut:
            self = Self.text((try? JSONValue(parsing: bytes))?.indented() ?? text, isCut: false, limit)
        default: self = Self.text(text, isCut: isCut, limit)
        }
    }

    private static func text(_ text: String, isCut: Bool, _ limit: Int) -> FilePreview {
        let shown = beginning(of: text, limit)
        return .text(shown, isCut: isCut || shown.utf8.count < text.utf8.count)
    }

    /// What is around a cell.
    private static let cellLength = 12

    /// The bytes that a text takes in HTML.
    private static func length(_ text: String) -> Int { text.utf8.reduce(0) { $0 + length($1) } }

    private static func length(_ byte: UInt8) -> Int { #"<>&"'"#.utf8.contains(byte) ? 6 : 1 }

    /// A bar begins a cell, if it is in a table.
    private static func lengthInMarkdown(_ byte: UInt8) -> Int {
        byte == UInt8(ascii: "|") ? cellLength : length(byte)
    }

    /// Whole lines from the beginning that take no more than the limit; of a line that is too long a part.
    private static func beginning(
        of text: String, _ limit: Int, length: (UInt8) -> Int = length
    ) -> String {
        var room = limit
        let bytes = text.utf8.prefix { byte in
            room -= length(byte)
            return room > 0
        }
        guard bytes.count < text.utf8.count else { return text }
        let lines = bytes.lastIndex(of: UInt8(ascii: "\n")).map { bytes[...$0] } ?? bytes
        return Self.text(Array(lines), isCut: true) ?? ""
    }

    /// The bytes as text, or `nil` if they are none.
    ///
    /// The end of what is cut off may be in the middle of a character.
    static func text(_ bytes: [UInt8], isCut: Bool) -> String? {
        guard !bytes.contains(0) else { return nil }
        for rest in 0..<(isCut ? 4 : 1) {
            if let text = String(validating: bytes.dropLast(rest), as: UTF8.self) { return text }
        }
        return nil
    }
}

/// Pictures that browsers show and that cannot do anything, unlike SVG.
///
/// Told by their first bytes, not their names.
enum ImageKind: String {
    case png, jpeg, gif, webp

    /// How many bytes tell the kind.
    static let signLength = 12

    init?(of bytes: [UInt8]) {
        func begins(_ start: [UInt8], at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: start)
        }
        if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if begins([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if begins(Array("GIF8".utf8)) {
            self = .gif
        } else if begins(Array("RIFF".utf8)), begins(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else {
            return nil
        }
    }

    var mediaType: String { "image/\(rawValue)" }
}
