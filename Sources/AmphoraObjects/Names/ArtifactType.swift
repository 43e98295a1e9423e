/// What kind of thing an artifact is, such as `dataset` or `model`; the same alphabet as names.
public struct ArtifactType: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// - Throws: ``InvalidName``, which says the rule that `text` breaks.
    public init(_ text: String) throws(InvalidName) {
        try NameRules.check(text, what: "artifact type")
        rawValue = text
    }

    public var description: String { rawValue }

    public static func < (lhs: ArtifactType, rhs: ArtifactType) -> Bool { lhs.rawValue < rhs.rawValue }
}
