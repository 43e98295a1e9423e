package import FoundationEssentials

extension Format {
    /// A length of time in its two largest units: `40 ms`, `0.8 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`.
    package static func duration(_ duration: Duration) -> String {
        let seconds = max(0, duration / .seconds(1))
        if seconds < 0.0995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 59.95 { return "\(oneDecimal(seconds)) s" }
        let whole = Int(min(seconds, 1e15).rounded())
        if whole < 3600 { return pair(whole / 60, "min", whole % 60, "s") }
        if whole < 86400 { return pair(whole / 3600, "h", whole % 3600 / 60, "min") }
        return pair(whole / 86400, "d", whole % 86400 / 3600, "h")
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
    }

    /// A length of time as a clock shows it: `0:12`, `12:05`, `1:02:03`.
    package static func clock(_ duration: Duration) -> String {
        let seconds = max(0, Int(min(duration / .seconds(1), 1e15)))
        let padded = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        let minutes = seconds / 60
        return minutes < 60
            ? "\(minutes):\(padded(seconds % 60))"
            : "\(minutes / 60):\(padded(minutes % 60)):\(padded(seconds % 60))"
    }

    /// How long ago something was: `just now`, `3 min ago`, `5 days ago`, or `in 3 min` where clocks differ.
    package static func age(of date: Date, now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        guard seconds.magnitude >= 10 else { return "just now" }
        let text = roughly(Int(min(seconds.magnitude, 1e15)))
        return seconds < 0 ? "in \(text)" : "\(text) ago"
    }

    /// The time in the largest unit that fits at least once, rounded down.
    ///
    /// A month is a twelfth of 365 days.
    private static func roughly(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86400: "\(seconds / 3600) h"
        case ..<2_628_000: count(seconds / 86400, "day")
        case ..<31_536_000: count(seconds / 2_628_000, "month")
        default: count(seconds / 31_536_000, "year")
        }
    }
}
