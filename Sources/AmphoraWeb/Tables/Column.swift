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
    var place: Place?
    /// More than fits, shown when the pointer rests.
    var detail: String?
    var labels: [Label] = []
    /// A state, told by a sign and a word.
    var state: RunState?
    /// A moment, which scripts show in the reader's time zone.
    var date: Date?

    /// A short word in a box, such as an alias.
    struct Label: Sendable {
        let text: String
        var place: Place?
        /// What is wrong with it.
        var warning: String?

        func model(_ links: Links) -> Model {
            [
                "text": text, "href": place.map { links($0) } ?? "", "isWarning": warning != nil,
                "warning": warning ?? "",
            ]
        }
    }

    func model(isNumber: Bool, _ links: Links) -> Model {
        // All keys: templates would look for others further out.
        [
            "text": text, "isNumber": isNumber, "isLink": place != nil, "href": place.map { links($0) } ?? "",
            "hasDetail": detail != nil, "detail": detail ?? "", "labels": labels.map { $0.model(links) },
            "isState": state != nil, "isPlain": state == nil && date == nil && place == nil,
            "state": state?.rawValue ?? "", "isDate": date != nil,
            "date": date.map { Timestamp.text($0) } ?? "",
        ]
    }

    static func text(_ text: String) -> Cell { Cell(text: text.escapingControlCharacters()) }

    static func link(_ text: String, _ place: Place) -> Cell {
        Cell(text: text.escapingControlCharacters(), place: place)
    }

    static func bytes(_ count: Int) -> Cell {
        Cell(text: Format.bytes(count), detail: "\(Format.number(count)) bytes")
    }

    static func count(_ count: Int) -> Cell { Cell(text: Format.number(count)) }

    /// A moment; scripts add how long ago it was, which the page itself cannot know when it is kept.
    static func date(_ date: Date) -> Cell {
        Cell(text: String(Format.date(date).dropLast(3)), detail: "\(Format.date(date)) UTC", date: date)
    }

    static func duration(_ seconds: TimeInterval?) -> Cell {
        Cell(text: seconds.map { Format.duration(.seconds($0)) } ?? "–")
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
        return "\(digits < 0 ? (self / scale).rounded() * scale : (self * scale).rounded() / scale)"
    }
}
