/// Tables as text: RFC 4180.
enum SeparatedValues {
    /// Reads rows.
    ///
    /// - Parameters:
    ///   - text: Fields with separators between them; quotes keep separators, ends of lines and, doubled, quotes. A mark
    ///     of the byte order before them, as spreadsheets write it, is left out.
    ///   - separator: A comma, a tab, or a semicolon, as spreadsheets write where the comma is that of numbers.
    ///   - limit: The most rows to read.
    /// - Returns: The rows, which need not be of one length.
    static func rows(of text: String, separator: Unicode.Scalar, limit: Int) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = String.UnicodeScalarView()
        var isQuoted = false
        var mayOpen = true
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        if next == "\u{FEFF}" { next = scalars.next() }
        func endField() {
            row.append(String(field))
            field = String.UnicodeScalarView()
            mayOpen = true
        }
        func endRow() {
            endField()
            if row != [""] { rows.append(row) }
            row = []
        }
        while let scalar = next, rows.count < limit {
            next = scalars.next()
            if isQuoted {
                if scalar != "\"" {
                    field.append(scalar)
                } else if next == "\"" {
                    field.append(scalar)
                    next = scalars.next()
                } else {
                    isQuoted = false
                }
            } else if scalar == "\"", mayOpen {
                isQuoted = true
            } else if scalar == separator {
                endField()
                continue
            } else if scalar == "\n" {
                endRow()
                continue
            } else if scalar != "\r" || next != "\n" {
                field.append(scalar)
            }
            mayOpen = false
        }
        if rows.count < limit, !row.isEmpty || !field.isEmpty { endRow() }
        return rows
    }
}
