public import FoundationEssentials

/// Times as records hold them: RFC 3339 in UTC, to the millisecond.
public enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// `2026-11-22T10:04:05.123Z`.
    public static func text(_ date: Date) -> String { date.formatted(style) }

    /// Reads a time, with or without a fraction of a second.
    public static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: style)) ?? (try? Date(text, strategy: .iso8601))
    }
}
