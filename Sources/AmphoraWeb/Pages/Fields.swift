import Amphora

/// Names and values one below the other, nested ones by their whole path: metadata, config, summary.
enum Fields {
    static func models(_ fields: [String: JSONValue]) -> [Model] {
        flattened(fields, below: "").map {
            ["name": $0.name.escapingControlCharacters(), "value": $0.value] as Model
        }
    }

    static func flattened(_ fields: [String: JSONValue], below prefix: String) -> [(
        name: String, value: String
    )] {
        fields.sorted { $0.key < $1.key }.flatMap { key, value -> [(name: String, value: String)] in
            if case .object(let inner) = value, !inner.isEmpty {
                return flattened(inner, below: "\(prefix)\(key).")
            }
            let text = value.string ?? value.shortText
            return [(prefix + key, text.escapingControlCharacters())]
        }
    }
}
