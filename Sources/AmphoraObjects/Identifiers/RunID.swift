/// The identity of a run: eight of `a-z0-9`.
public struct RunID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Length of an ID, in characters.
    public static let length = 8
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")

    public let rawValue: String

    public var description: String { rawValue }

    /// - Parameter text: What the user typed.
    /// - Throws: ``Invalid`` if `text` is not eight of `a-z0-9`.
    public init(_ text: String) throws(Invalid) {
        let isAllowed = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(isAllowed) else {
            throw Invalid(text: text)
        }
        rawValue = text
    }

    /// Draws an ID: one of 36⁸, so that two of a million runs are alike with a chance of one in six.
    ///
    /// The writer creates the run's ref with "must not exist", so that a collision is found.
    public init(using generator: inout some RandomNumberGenerator) {
        rawValue = String(
            (0..<Self.length).map { _ in Self.alphabet[Int.random(in: 0..<36, using: &generator)] })
    }

    public static func < (lhs: RunID, rhs: RunID) -> Bool { lhs.rawValue < rhs.rawValue }

    /// Text that is not a run's ID.
    public struct Invalid: UserFacingError, Equatable {
        let text: String
        public var code: ErrorCode { .invalidArgument }
        public var message: String { "'\(text)' is not a run ID" }
        public var hint: String? { "A run ID is 8 of a-z and 0-9: `amphora run ls` lists them." }
    }
}
