import AmphoraObjects

/// Rows of text under titles, set out in columns for a terminal.
struct TextTable {
    enum Alignment { case left, right }

    struct Column {
        let title: String
        let alignment: Alignment
        /// Whether cells may be cut, ending in `…`, where the terminal is too narrow.
        let mayShrink: Bool

        init(_ title: String, _ alignment: Alignment = .left, mayShrink: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.mayShrink = mayShrink
        }
    }

    /// To what width a column is cut at most.
    private static let minimumWidth = 8
    private static let gap = "  "

    private let columns: [Column]
    private var lines: [[String]]

    /// - Parameter columns: From left to right, at least one.
    init(_ columns: [Column]) {
        self.columns = columns
        lines = [columns.map(\.title)]
    }

    /// Whether there is nothing under the titles.
    var isEmpty: Bool { lines.count == 1 }

    /// Adds a row at the bottom.
    ///
    /// - Parameter cells: One for each column. Control characters in them are escaped.
    mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        lines.append(cells.map { $0.escapingControlCharacters() })
    }

    /// Sets out the titles and the rows.
    ///
    /// - Parameter width: How many columns of text the terminal has. `nil` where there is none: nothing is
    ///   cut. Lines are longer than that if the columns that may not shrink leave no room.
    /// - Returns: Lines that each end in a newline, with no spaces before it.
    func render(width: Int?) -> String {
        let widths = fittedWidths(total: width)
        return lines.reduce(into: "") { text, cells in
            var line = columns.indices.map { pad(cells[$0], to: widths[$0], columns[$0].alignment) }
                .joined(separator: Self.gap)
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
    }

    private func pad(_ cell: String, to width: Int, _ alignment: Alignment) -> String {
        let text = cell.truncated(toWidth: width)
        let spaces = String(repeating: " ", count: width - text.displayWidth)
        return alignment == .left ? text + spaces : spaces + text
    }

    /// The widths of the columns.
    ///
    /// Those that may shrink are kept to one limit, so that the widest are cut first.
    private func fittedWidths(total: Int?) -> [Int] {
        let natural = columns.indices.map { index in lines.reduce(0) { max($0, $1[index].displayWidth) } }
        guard let total else { return natural }
        let limited = { (limit: Int) in
            zip(columns, natural).map { $0.mayShrink ? min($1, limit) : $1 }
        }
        let available = total - Self.gap.count * (columns.count - 1)
        guard natural.reduce(0, +) > available else { return natural }
        let limits = Self.minimumWidth..<max(Self.minimumWidth + 1, available)
        let limit = limits.last { limited($0).reduce(0, +) <= available }
        return limited(limit ?? Self.minimumWidth)
    }
}
