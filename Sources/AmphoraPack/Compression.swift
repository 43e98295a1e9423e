/// How hard objects are compressed.
package enum Compression: Hashable, Sendable {
    /// What a sample says compresses is deflated fast, the rest is stored.
    case automatic
    /// Nothing is deflated.
    case never
    /// Everything is deflated: 1 (fast) to 12 (small).
    case level(Int)

    /// Reads the value of a setting: `auto`, `never` or 1 to 12; `nil` for anything else.
    package init?(_ text: String) {
        switch text {
        case "auto": self = .automatic
        case "never": self = .never
        default:
            guard let level = Int(text), (1...12).contains(level) else { return nil }
            self = .level(level)
        }
    }
}
