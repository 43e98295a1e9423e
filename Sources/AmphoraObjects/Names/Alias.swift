/// A movable name for one version of an artifact, such as `best`.
public struct Alias: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// The alias that follows the newest version by itself.
    public static let latest = Alias(unchecked: "latest")

    /// - Throws: ``InvalidName``; a word like `v3` is refused, since it reads as a version.
    public init(_ text: String) throws(InvalidName) {
        try NameRules.check(text, what: "alias")
        guard VersionNumber(parsing: text) == nil, !Self.looksLikeVersion(text) else {
            throw InvalidName(what: "alias", text: text, rule: .looksLikeVersion)
        }
        rawValue = text
    }

    private init(unchecked text: String) { rawValue = text }

    /// `v` and digits only, with leading zeros or too large for a number.
    private static func looksLikeVersion(_ text: String) -> Bool {
        text.first == "v" && text.utf8.count > 1
            && text.utf8.dropFirst().allSatisfy { (48...57).contains($0) }
    }

    public var description: String { rawValue }

    /// `latest` comes first, the others by their letters.
    public static func < (lhs: Alias, rhs: Alias) -> Bool {
        (lhs == .latest ? 0 : 1, lhs.rawValue) < (rhs == .latest ? 0 : 1, rhs.rawValue)
    }
}
