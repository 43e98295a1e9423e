import Amphora
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A column of a table.
struct Column<Row> {
    /// Its name in addresses.
    let key: String
    let title: String
    /// Set to the right, digits under digits.
    var isNumber = false
    /// What the title does not say.
    var help: String?
    let cell: (Row) -> Cell
    /// What it sorts by, if it does; rows without a key come last.
    var sortKey: ((Row) -> SortKey?)?
}

/// What a column sorts by.
enum SortKey: Comparable, Sendable {
    case number(Double)
    case text(String)

    static func date(_ date: Date) -> SortKey { .number(date.timeIntervalSince1970) }
    static func count(_ count: Int) -> SortKey { .number(Double(count)) }

    /// As scripts read it.
    var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }

    init?(_ value: JSONValue?) {
        switch value {
        case nil, .null: return nil
        case let value?: self = value.number.map { .number($0) } ?? .text(value.string ?? value.canonical)
        }
    }
}

/// What a table shows at one place.
struct Cell: Sendable {
    var text = ""
    /// Said with less weight.
    var isQuiet = false
    var place: Place?
    /// More than fits, shown when the pointer rests.
    var detail: String?
    var labels: [Label] = []
    /// A state, told by a sign and a word.
    var state: RunState?
    /// A moment, which scripts show as how long ago it was.
    var date: Date?
    /// Since when something goes on, which scripts count.
    var since: Date?

    /// A short word in a box, such as an alias.
    struct Label: Sendable {
        var text: String
        var place: Place?
        /// What is wrong with it.
        var warning: String?
        /// More than fits, shown when the pointer rests.
        var detail: String?

        func model(_ links: Links) -> Model {
            [
                "text": text, "href": place.map { links($0) } ?? "", "isWarning": warning != nil,
                "warning": warning ?? "", "hasDetail": detail != nil, "detail": detail ?? "",
            ]
        }
    }

    func model(isNumber: Bool, _ links: Links) -> Model {
        // All keys: templates would look for others further out.
        [
            "text": text, "isNumber": isNumber, "isLink": place != nil, "href": place.map { links($0) } ?? "",
            "hasDetail": detail != nil, "detail": detail ?? "", "labels": labels.map { $0.model(links) },
            "hasLabels": !labels.isEmpty, "isState": state != nil,
            "isPlain": state == nil && date == nil && since == nil && place == nil && !isQuiet,
            "isQuiet": isQuiet,
            "state": state?.rawValue ?? "", "isDate": date != nil, "isSince": since != nil,
            "date": (date ?? since).map { Timestamp.text($0) } ?? "",
        ]
    }

    static func text(_ text: String) -> Cell { link(text, nil) }

    static func link(_ text: String, _ place: Place?) -> Cell {
        let text = text.escapingControlCharacters()
        // Style sheets cut what is longer than a column may be.
        return Cell(text: text, place: place, detail: text.utf8.count > 40 ? text : nil)
    }

    /// The first few of some labels, those with warnings before others; the rest is one more.
    static func labels(_ labels: [Label]) -> Cell {
        let limit = 4
        let sorted = labels.filter { $0.warning != nil } + labels.filter { $0.warning == nil }
        guard sorted.count > limit + 1 else { return Cell(labels: sorted) }
        let rest = sorted.dropFirst(limit)
        let more = Label(
            text: "+\(rest.count)", place: rest.first?.place, detail: rest.map(\.text).joined(separator: ", ")
        )
        return Cell(labels: sorted.prefix(limit) + [more])
    }

    static func bytes(_ count: Int) -> Cell {
        Cell(text: Format.bytes(count), detail: "\(Format.number(count)) bytes")
    }

    static func count(_ count: Int) -> Cell { Cell(text: Format.number(count)) }

    /// A moment; scripts add how long ago it was, which the page itself cannot know when it is kept.
    static func date(_ date: Date) -> Cell {
        Cell(text: String(Format.date(date).dropLast(3)), detail: "\(Format.date(date)) UTC", date: date)
    }

    /// How long a run took; what goes on is counted by scripts.
    static func duration(of run: RunInfo) -> Cell {
        Cell(
            text: run.duration.map { Format.duration(.seconds($0)) } ?? "–",
            since: run.state == .running ? run.record.created : nil)
    }

    /// A value of metadata, config or summary, on one line.
    static func value(_ value: JSONValue?) -> Cell {
        guard let value else { return Cell() }
        let text = (value.string ?? value.shortText).escapingControlCharacters()
        let line = text.replacing("\n", with: " ")
        guard line.count > 60 else { return Cell(text: line) }
        return Cell(text: "\(line.prefix(59))…", detail: String(text.prefix(2000)))
    }
}

extension JSONValue {
    /// The value as people write it: numbers with at most six digits that count.
    var shortText: String {
        guard case .double(let value) = self, value.isFinite else { return canonical }
        return value.short
    }
}

extension Double {
    /// At most six digits that count, as short as they can be: `0.0123457`, `1.2e-07`.
    var short: String {
        guard isFinite else { return "\(self)" }
        if self == rounded(), magnitude < 1e15 { return "\(Int(self))" }
        let digits = 5 - Int(log10(magnitude).rounded(.down))
        let scale = pow(10, Double(digits.magnitude))
        // The smallest numbers have no digits to spare.
        guard scale.isFinite else { return "\(self)" }
        return "\(digits < 0 ? (self / scale).rounded() * scale : (self * scale).rounded() / scale)"
    }
}
