/// How one text differs from another, line by line, as `diff -u` shows it.
struct TextDiff {
    struct Line: Hashable {
        enum Kind: String { case same, added, removed }

        let kind: Kind
        let text: String
        /// From 1; `nil` on the side that does not have the line.
        let oldNumber: Int?
        let newNumber: Int?
    }

    /// Pieces with changes in them, with up to three lines around each.
    let hunks: [[Line]]

    /// More lines than that are not compared.
    static let lineLimit = 20_000
    private static let context = 3

    /// - Returns: `nil` if the texts are too long or too different to be compared while somebody waits.
    init?(from old: String, to new: String) {
        let (old, new) = (Self.lines(of: old, besides: new), Self.lines(of: new, besides: old))
        guard max(old.count, new.count) <= Self.lineLimit else { return nil }
        // Only what is between the first and the last difference takes time.
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }
            .count
        let oldMiddle = old[head..<(old.count - tail)]
        let newMiddle = new[head..<(new.count - tail)]
        guard oldMiddle.count * newMiddle.count <= 4_000_000 else { return nil }

        let difference = Array(newMiddle).difference(from: Array(oldMiddle))
        let removed = Set(difference.removals.map(Self.offset))
        let added = Set(difference.insertions.map(Self.offset))
        var lines: [Line] = []
        func same(_ oldIndex: Int, _ newIndex: Int) -> Line {
            Line(
                kind: .same, text: String(old[oldIndex]), oldNumber: oldIndex + 1, newNumber: newIndex + 1)
        }
        let before = min(head, Self.context)
        lines += (head - before..<head).map { same($0, $0) }
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < oldMiddle.count || newIndex < newMiddle.count {
            if removed.contains(oldIndex) {
                lines.append(
                    Line(
                        kind: .removed, text: String(old[head + oldIndex]), oldNumber: head + oldIndex + 1,
                        newNumber: nil))
                oldIndex += 1
            } else if added.contains(newIndex) {
                lines.append(
                    Line(
                        kind: .added, text: String(new[head + newIndex]), oldNumber: nil,
                        newNumber: head + newIndex + 1))
                newIndex += 1
            } else {
                lines.append(same(head + oldIndex, head + newIndex))
                oldIndex += 1
                newIndex += 1
            }
        }
        lines += (0..<min(tail, Self.context)).map { same(old.count - tail + $0, new.count - tail + $0) }
        hunks = Self.hunks(of: lines)
    }

    /// The lines of a text; that it has no end is told where the other has one.
    private static func lines(of text: String, besides other: String) -> [Substring] {
        let newline = UInt8(ascii: "\n")
        guard !text.isEmpty else { return [] }
        // Of bytes: to Swift `\r\n` is one character, and no `\n`.
        var lines = text.utf8.split(separator: newline, omittingEmptySubsequences: false).map {
            Substring($0)
        }
        if text.utf8.last == newline {
            lines.removeLast()
        } else if other.utf8.last == newline {
            lines.append("\\ No newline at the end")
        }
        return lines
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private static func hunks(of lines: [Line]) -> [[Line]] {
        var hunks: [[Line]] = []
        var end = 0
        for (index, line) in lines.enumerated() where line.kind != .same {
            let start = max(0, index - context)
            let last = min(lines.count, index + context + 1)
            if hunks.isEmpty || start > end {
                hunks.append(Array(lines[start..<last]))
            } else if last > end {
                hunks[hunks.count - 1] += lines[end..<last]
            }
            end = max(end, last)
        }
        return hunks
    }
}
