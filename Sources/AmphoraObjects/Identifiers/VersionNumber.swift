/// The number of a version in its artifact, counted from 0 and written `v0`, `v1`, ….
public struct VersionNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: Int

    /// The number of an artifact's first version.
    public static let first = VersionNumber(0)

    /// - Parameter rawValue: Zero or more.
    public init(_ rawValue: Int) {
        precondition(rawValue >= 0, "version numbers count from 0")
        self.rawValue = rawValue
    }

    /// So many digits at most: every number has a next one, and is one in JSON.
    private static let mostDigits = 15

    /// Reads `v12`: no sign, no leading zeros, 15 digits at most.
    ///
    /// - Returns: `nil` for any other text.
    public init?(parsing text: some StringProtocol) {
        let digits = text.dropFirst()
        guard text.first == "v", digits.utf8.allSatisfy({ (48...57).contains($0) }),
            digits.utf8.count <= Self.mostDigits, let value = Int(digits),
            value == 0 ? digits == "0" : !digits.hasPrefix("0")
        else { return nil }
        rawValue = value
    }

    public var description: String { "v\(rawValue)" }

    /// The number after this one.
    public var next: VersionNumber { VersionNumber(rawValue + 1) }

    public static func < (lhs: VersionNumber, rhs: VersionNumber) -> Bool { lhs.rawValue < rhs.rawValue }
}
