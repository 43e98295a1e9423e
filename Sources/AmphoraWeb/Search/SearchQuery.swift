import Amphora

/// What people type to find artifacts and runs: words, and conditions such as `lr=0.01` or `accuracy>0.9`.
///
/// All must hold. A word is looked for in names, types, aliases and tags, in either case of letters.
struct SearchQuery: Sendable {
    let terms: [Term]

    enum Term: Hashable, Sendable {
        case word(String)
        case condition(field: String, Comparison, value: String)
    }

    enum Comparison: String, CaseIterable, Sendable {
        // Longer ones first: `>=` begins with `>`.
        case atLeast = ">="
        case atMost = "<="
        case differs = "!="
        case equal = "="
        case more = ">"
        case less = "<"
    }

    /// - Parameter text: Terms with spaces between them; quotes keep what is between them together.
    init(_ text: String) {
        terms = Self.words(of: text).map(Self.term)
    }

    init(terms: [Term]) { self.terms = terms }

    var isEmpty: Bool { terms.isEmpty }

    private static func term(_ word: String) -> Term {
        for position in word.indices.dropFirst() {
            let rest = word[position...]
            guard let comparison = Comparison.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
                continue
            }
            let value = rest.dropFirst(comparison.rawValue.count)
            return .condition(field: String(word[..<position]), comparison, value: String(value))
        }
        return .word(word.lowercased())
    }

    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var isQuoted = false
        for scalar in text.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if scalar.properties.isWhitespace, !isQuoted {
                if let found = word { words.append(found) }
                word = nil
            } else {
                word = (word ?? "") + String(scalar)
            }
        }
        if let word { words.append(word) }
        return words.filter { !$0.isEmpty }
    }

    /// Whether something that can be searched has all of it.
    func matches(_ subject: some Searchable) -> Bool {
        terms.allSatisfy { term in
            switch term {
            case .word(let word): subject.searchTexts.contains { $0.lowercased().has(word) }
            case .condition(let field, let comparison, let value):
                subject.searchValues(of: field).contains { comparison.holds($0, value) }
            }
        }
    }
}

extension SearchQuery {
    /// The fields that conditions compare, in their order.
    var fields: [String] {
        terms.compactMap { term in
            if case .condition(let field, _, _) = term { field } else { nil }
        }
    }

    /// What something was found by, as far as its name, the first of its texts, does not tell.
    func reasons(for subject: some Searchable) -> [String] {
        terms.compactMap { term in
            switch term {
            case .word(let word):
                let texts = subject.searchTexts
                guard texts.first?.lowercased().contains(word) == false else { return nil }
                return texts.first { $0.lowercased().contains(word) }?.excerpt(around: word)
            case .condition(let field, let comparison, let value):
                return subject.searchValues(of: field).first { comparison.holds($0, value) }
                    .map { "\(field) = \(($0.string ?? $0.shortText).prefix(60))" }
            }
        }
    }
}

extension String {
    /// A line with a word and a little of what is around it.
    fileprivate func excerpt(around word: String) -> String {
        let line = split(whereSeparator: \.isNewline).first { $0.lowercased().contains(word) } ?? self[...]
        let lower = line.lowercased()
        guard line.count > 80, let range = lower.firstRange(of: word) else { return String(line.prefix(80)) }
        let start = max(0, lower.distance(from: lower.startIndex, to: range.lowerBound) - 30)
        return "\(start > 0 ? "…" : "")\(line.dropFirst(start).prefix(80))…"
    }
}

extension SearchQuery.Comparison {
    /// Compares numbers as numbers if both are, else as text.
    fileprivate func holds(_ value: JSONValue, _ wanted: String) -> Bool {
        if let number = value.number, let wanted = Double(wanted) { return compare(number, wanted) }
        let text = (value.string ?? value.canonical).lowercased()
        return compare(text, wanted.lowercased())
    }

    private func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .atLeast: left >= right
        case .atMost: left <= right
        case .differs: left != right
        case .equal: left == right
        case .more: left > right
        case .less: left < right
        }
    }
}

/// Something that people search for.
protocol Searchable {
    /// Where words are looked for.
    var searchTexts: [String] { get }
    /// The values of a field; none if it has no such field.
    func searchValues(of field: String) -> [JSONValue]
}

extension JSONValue {
    /// The value at a path of keys with dots between them: `optimizer.lr`.
    ///
    /// A key may have dots itself.
    func value(at path: String) -> JSONValue? {
        if let value = self[path] { return value }
        var position = path.startIndex
        while let dot = path[position...].firstIndex(of: ".") {
            if let inner = self[String(path[..<dot])],
                let value = inner.value(at: String(path[path.index(after: dot)...]))
            {
                return value
            }
            position = path.index(after: dot)
        }
        return nil
    }
}

extension String {
    /// Whether it contains a text: byte by byte, as long as that tells it.
    fileprivate func has(_ text: String) -> Bool {
        guard utf8.allSatisfy({ $0 < 0x80 }), let first = text.utf8.first else { return contains(text) }
        var rest = utf8[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: text.utf8) { return true }
            rest.removeFirst()
        }
        return false
    }
}
