/// The name of an artifact, valid both for people and as one component of a git ref.
public struct ArtifactName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// Creates a name after checking it.
    ///
    /// - Parameter text: What the user typed. It is not trimmed or changed.
    /// - Throws: ``InvalidName``, which says the rule that `text` breaks.
    public init(_ text: String) throws(InvalidName) {
        try NameRules.check(text, what: "artifact name")
        rawValue = text
    }

    public var description: String { rawValue }

    public static func < (lhs: ArtifactName, rhs: ArtifactName) -> Bool { lhs.rawValue < rhs.rawValue }
}
