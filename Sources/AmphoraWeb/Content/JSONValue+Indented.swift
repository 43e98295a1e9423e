import Amphora

extension JSONValue {
    /// The value over several lines, for people.
    var indented: String { indented(by: "") }

    private func indented(by margin: String) -> String {
        let inner = margin + "  "
        switch self {
        case .array(let values) where values.contains(where: \.isNested):
            return "[\n" + values.map { inner + $0.indented(by: inner) }.joined(separator: ",\n")
                + "\n\(margin)]"
        case .object(let fields) where !fields.isEmpty:
            let lines = fields.sorted { $0.key < $1.key }.map {
                "\(inner)\(JSONValue.string($0.key).canonical): \($0.value.indented(by: inner))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
        case .array(let values): return "[\(values.map(\.canonical).joined(separator: ", "))]"
        default: return canonical
        }
    }

    private var isNested: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }
}
