public import FoundationEssentials

/// Times as records hold them: RFC 3339 in UTC, to the millisecond.
public enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// `2026-11-22T10:04:05.123Z`.
    ///
    /// Rounded, since the style cuts off: a time that was read would lose a millisecond with each writing.
    public static func text(_ date: Date) -> String { (date + 0.0005).formatted(style) }

    /// Reads a time, with or without a fraction of a second.
    public static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: style)) ?? (try? Date(text, strategy: .iso8601))
    }
}
