extension JSONValue {
    /// The value in the one form that the format allows: one line, no spaces, keys sorted as bytes.
    ///
    /// Whole numbers that 64 bits hold have no fraction and no exponent, whatever type they came from, so
    /// that they are written the same after they were read; other numbers are the shortest digits that read
    /// back the same. Identity depends on this: see `Docs/Format.md`.
    ///
    /// - Precondition: All numbers are finite: check with ``firstNonFinite(at:)``.
    public var canonical: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// The value for people: an indented line for each member, keys sorted as bytes.
    public var pretty: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += Self.number(value)
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            Self.writeList(values, "[", "]", to: &text, indent: indent) { $0.write(to: &$1, indent: $2) }
        case .object(let members):
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            Self.writeList(sorted, "{", "}", to: &text, indent: indent) { member, text, indent in
                Self.write(member.key, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ open: String, _ close: String, to text: inout String, indent: Int?,
        element: (Element, inout String, Int?) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 1 }
        let separator = inner.map { "\n" + String(repeating: "  ", count: $0) } ?? ""
        for (index, value) in elements.enumerated() {
            if index > 0 { text += "," }
            text += separator
            element(value, &text, inner)
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    private static func number(_ value: Double) -> String {
        precondition(value.isFinite, "JSON has no infinity and no NaN")
        return Int64(exactly: value).map { String($0) } ?? value.description
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
