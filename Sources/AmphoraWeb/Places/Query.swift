import HTTPTypes

/// The part of a URL after the `?`: names and values, in their order.
struct Query: Hashable, Sendable {
    private(set) var items: [Item] = []

    struct Item: Hashable, Sendable {
        let name: String
        let value: String
    }

    init() {}

    /// - Parameter text: As a URL has it. Pairs that are no text are left out.
    init(parsing text: some StringProtocol) {
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { part in
                PercentEncoding.decode(part, plusIsSpace: true)
                    .flatMap { String(validating: $0, as: UTF8.self) }
            }
            guard let name = decoded[0], !name.isEmpty, let value = decoded.count > 1 ? decoded[1] : ""
            else { continue }
            items.append(Item(name: name, value: value))
        }
    }

    /// The first value of a name that is not empty.
    subscript(name: String) -> String? { items.first { $0.name == name && !$0.value.isEmpty }?.value }

    /// All values of a name that are not empty.
    func all(_ name: String) -> [String] {
        items.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    func int(_ name: String) -> Int? { self[name].flatMap(Int.init) }

    /// A number; `nil` if the question has none of that name.
    ///
    /// - Throws: ``Problem`` that says which numbers it takes.
    func number(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = self[name] else { return nil }
        if let number = Int(text), range.contains(number) { return number }
        let end = range.upperBound == .max ? "" : " to \(range.upperBound)"
        throw Problem(status: .badRequest, message: "'\(name)' is a number from \(range.lowerBound)\(end).")
    }

    /// One of some words; `nil` if the question has nothing of that name.
    ///
    /// - Throws: ``Problem`` that says which words there are.
    func word(_ name: String, of words: [String]) throws(Problem) -> String? {
        guard let text = self[name] else { return nil }
        if words.contains(text) { return text }
        let all = words.joined(separator: ", ")
        throw Problem(status: .badRequest, message: "'\(name)' is one of these: \(all).")
    }

    /// The same with other values; an empty one goes.
    func with(_ changes: KeyValuePairs<String, String?>) -> Query {
        var query = self
        for (name, value) in changes {
            let place = query.items.firstIndex { $0.name == name } ?? query.items.count
            query.items.removeAll { $0.name == name }
            if let value, !value.isEmpty {
                query.items.insert(Item(name: name, value: value), at: min(place, query.items.count))
            }
        }
        return query
    }

    /// The same with one more.
    func adding(_ name: String, _ value: String) -> Query {
        var query = self
        query.items.append(Item(name: name, value: value))
        return query
    }

    /// As a URL has it, with its `?`; empty if there is nothing.
    var text: String {
        guard !items.isEmpty else { return "" }
        return "?"
            + items.map { "\(PercentEncoding.encode($0.name.utf8))=\(PercentEncoding.encode($0.value.utf8))" }
            .joined(separator: "&")
    }
}
