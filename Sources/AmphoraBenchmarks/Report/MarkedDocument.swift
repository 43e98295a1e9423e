import FoundationEssentials

/// A text with parts that programs write, each between `<!-- table:NAME -->` and `<!-- /table -->`.
struct MarkedDocument {
    private static let end = "<!-- /table -->"

    private(set) var text: String

    init(text: String) { self.text = text }

    /// Puts other content between a pair of markers.
    ///
    /// - Parameters:
    ///   - name: Which pair.
    ///   - content: Markdown that ends in a newline.
    /// - Throws: ``Failure`` if the markers are not there.
    mutating func replace(_ name: String, with content: String) throws {
        let marker = "<!-- table:\(name) -->"
        guard let start = text.firstRange(of: marker),
            let end = text[start.upperBound...].firstRange(of: Self.end)
        else { throw Failure("the document has no `\(marker)` with a `\(Self.end)` behind it") }
        text.replaceSubrange(start.upperBound..<end.lowerBound, with: "\n\(content)")
    }

    /// Replaces parts of a file.
    ///
    /// - Parameters:
    ///   - parts: Content by name.
    ///   - path: The file.
    /// - Throws: ``Failure`` if one has no markers; then nothing is changed.
    static func update(_ parts: [(name: String, content: String)], in path: String) throws {
        var document = MarkedDocument(
            text: String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self))
        for part in parts { try document.replace(part.name, with: part.content) }
        try Data(document.text.utf8).write(to: URL(filePath: path), options: .atomic)
    }
}
