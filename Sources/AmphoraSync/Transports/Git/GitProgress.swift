/// A line in which git tells how far it has come, such as
/// `Receiving objects:  45% (9/20), 1.20 MiB | 3.00 MiB/s`.
struct GitProgress: Equatable {
    /// As git has it: `Receiving objects`, `Writing objects`, `Resolving deltas`; `remote: …` for the server's.
    let title: String
    let done: Int
    let total: Int
    /// As far as git says, rounded.
    let byteCount: Int?

    /// - Returns: `nil` for a line of another kind.
    init?(_ line: some StringProtocol) {
        guard let colon = line.range(of: ": ", after: line.hasPrefix("remote: ") ? 8 : 0) else { return nil }
        title = String(line[..<colon.lowerBound])
        let rest = line[colon.upperBound...].drop { $0 == " " }
        if let percent = rest.firstIndex(of: "%"), Int(rest[..<percent]) != nil,
            let open = rest.firstIndex(of: "("), let close = rest[open...].firstIndex(of: ")")
        {
            let counts = rest[rest.index(after: open)..<close].split(separator: "/").compactMap { Int($0) }
            guard counts.count == 2 else { return nil }
            (done, total) = (counts[0], counts[1])
            byteCount = Self.byteCount(rest[close...].dropFirst())
        } else {
            // Without a total: `Enumerating objects: 9, done.`
            let digits = rest.prefix { $0.isNumber }
            let tail = rest[digits.endIndex...]
            guard let count = Int(digits), tail.isEmpty || tail.hasPrefix(", done"),
                title.hasPrefix("remote: ") || title.hasSuffix(" objects")
            else { return nil }
            (done, total) = (count, 0)
            byteCount = nil
        }
    }

    /// Reads `, 1.20 MiB | …`.
    private static func byteCount(_ text: some StringProtocol) -> Int? {
        let words = text.drop { $0 == "," || $0 == " " }.split { $0 == " " || $0 == "," }.prefix(2)
        guard words.count == 2, let number = Double(words[0]) else { return nil }
        let unit: Double? =
            switch words[1] {
            case "bytes", "byte": 1
            case "KiB": 1024
            case "MiB": 1_048_576
            case "GiB": 1_073_741_824
            default: nil
            }
        return unit.flatMap { Int(exactly: (number * $0).rounded()) }
    }
}

extension StringProtocol {
    fileprivate func range(of text: String, after count: Int) -> Range<Index>? {
        dropFirst(count).firstRange(of: text)
    }
}
