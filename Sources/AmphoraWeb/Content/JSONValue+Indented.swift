import Amphora

extension JSONValue {
    /// The value over several lines, for people.
    ///
    /// - Parameter limit: The most bytes; deep nesting would make megabytes of spaces.
    /// - Returns: `nil` if it would be longer.
    func indented(within limit: Int = 1 << 20) -> String? {
        var text = ""
        return write(to: &text, "\n", limit) ? text : nil
    }

    /// Adds the value, `line` being the end of a line and the margin of the next one.
    private func write(to text: inout String, _ line: String, _ limit: Int) -> Bool {
        let inner = line + "  "
        switch self {
        case .array(let values) where values.contains(where: \.isNested):
            text += "["
            for (index, value) in values.enumerated() {
                text += (index > 0 ? "," : "") + inner
                guard value.write(to: &text, inner, limit) else { return false }
            }
            text += "\(line)]"
        case .array(let values): text += "[\(values.map(\.canonical).joined(separator: ", "))]"
        case .object(let fields) where !fields.isEmpty:
            text += "{"
            for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
                text += (index > 0 ? "," : "") + "\(inner)\(JSONValue.string(field.key).canonical): "
                guard field.value.write(to: &text, inner, limit) else { return false }
            }
            text += "\(line)}"
        default: text += canonical
        }
        return text.utf8.count <= limit
    }

    private var isNested: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}
