public import FoundationEssentials

/// Who made a commit, and when: git's `Name <email> seconds +0000`.
public struct Signature: Hashable, Sendable {
    public let name: String
    public let email: String
    /// Kept to the second, written in UTC.
    public let date: Date

    /// Characters that would break the line are dropped, as git does.
    public init(name: String, email: String, date: Date) {
        self.name = Self.cleaned(name, ifEmpty: "unknown")
        self.email = Self.cleaned(email, ifEmpty: "unknown")
        self.date = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }

    /// Takes what was read before, as it is.
    package init(read name: String, email: String, seconds: Int) {
        self.name = name
        self.email = email
        date = Date(timeIntervalSince1970: Double(seconds))
    }

    /// `Name <email>`, for people.
    public var person: String { "\(name) <\(email)>" }

    package var encoded: String { "\(name) <\(email)> \(Int(date.timeIntervalSince1970)) +0000" }

    /// The seconds that a signature may name: those that `Date` and people's calendars can deal with.
    private static let seconds = -253_402_300_800..<253_402_300_800

    /// Reads the value of an `author` or `committer` line.
    ///
    /// The time zone does not change the moment.
    ///
    /// - Returns: `nil` for any other text, and for a time more than 10,000 years off.
    package init?(decoding text: some StringProtocol) {
        // Scalars, not characters: a name may begin with a combining mark, which would join the bracket.
        let text = String(text).unicodeScalars
        guard let open = text.firstIndex(of: "<"), let close = text[open...].firstIndex(of: ">"),
            let seconds = text[close...].dropFirst(2).split(separator: " ").first.flatMap({ Int(String($0)) }
            ),
            Self.seconds.contains(seconds)
        else { return nil }
        name = text[..<open].split(separator: " ").map { String($0) }.joined(separator: " ")
        email = String(text[text.index(after: open)..<close])
        date = Date(timeIntervalSince1970: Double(seconds))
    }

    /// Drops `<`, `>`, control characters, and the punctuation at both ends that git calls crud.
    private static func cleaned(_ text: String, ifEmpty fallback: String) -> String {
        let isCrud = { (scalar: Unicode.Scalar) in
            scalar.value <= 32 || ".,:;\"\\'".unicodeScalars.contains(scalar)
        }
        let kept = text.unicodeScalars.filter { $0 != "<" && $0 != ">" && $0.value >= 32 }
        guard let first = kept.firstIndex(where: { !isCrud($0) }),
            let last = kept.lastIndex(where: { !isCrud($0) })
        else { return fallback }
        return String(String.UnicodeScalarView(kept[first...last]))
    }
}
