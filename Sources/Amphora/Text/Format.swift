package import FoundationEssentials

/// Numbers and times in the form that people read, without a locale: the same everywhere.
package enum Format {
    /// A number of bytes in binary units: `532 B`, `1.4 KiB`, `52.4 MiB`.
    package static func bytes(_ count: Int) -> String {
        guard count.magnitude >= 1024 else { return "\(count) B" }
        var value = Double(count) / 1024
        var units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
        // What would be rounded to 1024.0 belongs to the next unit.
        while units.count > 1, value.magnitude >= 1023.95 {
            value /= 1024
            units.removeFirst()
        }
        return "\(oneDecimal(value)) \(units.first ?? "")"
    }

    /// A number of bytes that may not be known: `–` then.
    package static func bytes(_ count: Int?) -> String { count.map { bytes($0) } ?? "–" }

    /// A number with a comma before every three digits: `20,000`.
    package static func number(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        let grouped = digits.enumerated().reduce(into: "") { text, digit in
            if digit.offset > 0, (digits.count - digit.offset).isMultiple(of: 3) { text += "," }
            text.append(digit.element)
        }
        return value < 0 ? "-" + grouped : grouped
    }

    /// A number with its noun: `1 file`, `1,234 files`.
    ///
    /// - Parameters:
    ///   - value: How many.
    ///   - noun: The word for one.
    ///   - plural: The word for several, if it is not `noun` and an `s`.
    /// - Returns: For example `2 aliases`.
    package static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number(value)) \(value == 1 ? noun : plural ?? noun + "s")"
    }

    /// A date in UTC: `2026-11-22 10:04:05`.
    package static func date(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        return date.formatted(style.dateTimeSeparator(.space).time(includingFractionalSeconds: false))
    }

    /// A number with exactly one digit after the point.
    package static func oneDecimal(_ value: Double) -> String {
        let tenths = Int((value.magnitude * 10).rounded())
        return "\(value < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10)"
    }
}
