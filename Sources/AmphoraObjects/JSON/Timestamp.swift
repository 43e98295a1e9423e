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
        plain(Array(text.utf8)) ?? (try? Date(text, strategy: style)) ?? (try? Date(text, strategy: .iso8601))
    }

    /// Reads a time as ``text(_:)`` writes it, many times as fast as the style does; others, and wrong ones, are `nil`.
    private static func plain(_ text: [UInt8]) -> Date? {
        let form = Array("0000-00-00T00:00:00.000Z".utf8)
        guard text.count == form.count else { return nil }
        var numbers = [0]
        for (byte, wanted) in zip(text, form) {
            if wanted == UInt8(ascii: "0") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
            } else {
                guard byte == wanted else { return nil }
                numbers.append(0)
            }
        }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard (1970...9999).contains(year), (1...12).contains(month),
            (1...(month == 2 ? 28 : 30)).contains(day), numbers[3] < 24,
            numbers[4] < 60, numbers[5] < 60
        else { return nil }
        // Years begin in March here, so that a leap day is the last of its year.
        let years = month > 2 ? year : year - 1
        let days =
            365 * years + years / 4 - years / 100 + years / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day
        let seconds = ((days - 719_469) * 24 + numbers[3]) * 3600 + numbers[4] * 60 + numbers[5]
        return Date(timeIntervalSince1970: Double(seconds) + Double(numbers[6]) / 1000)
    }
}
