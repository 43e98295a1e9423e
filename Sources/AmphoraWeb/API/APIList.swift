import Amphora
import HTTPTypes

/// A list of which programs get a part at a time.
enum APIList {
    private static let limits = 1...1000

    /// What the answer has: `items`, `total`, and `next`, the address of the rest if there is more.
    ///
    /// - Parameters:
    ///   - all: All of it, in an order that does not change by itself.
    ///   - place: Where the list is.
    ///   - context: Whose question says how many, and after which.
    ///   - key: What tells elements apart.
    ///   - json: What is told of one.
    /// - Returns: An object.
    /// - Throws: ``Problem`` if a number is none, or nothing has the key after which to begin.
    static func json<Element>(
        _ all: [Element], at place: APIPlace, _ context: PageContext, key: (Element) -> String,
        _ json: (Element) throws -> JSONValue
    ) throws -> JSONValue {
        let limit = try context.query["limit"].map { text in
            guard let limit = Int(text), limits.contains(limit) else {
                throw Problem.wrong("'limit' is a number from \(limits.lowerBound) to \(limits.upperBound).")
            }
            return limit
        }
        var start = 0
        if let after = context.query["after"] {
            guard let index = all.firstIndex(where: { key($0) == after }) else {
                throw Problem.wrong("'after' names nothing in this list.")
            }
            start = index + 1
        }
        let items = all[start...].prefix(limit ?? 100)
        let next = items.endIndex < all.count ? items.last.map(key) : nil
        return [
            "items": .array(try items.map(json)), "total": .int(Int64(all.count)),
            "next": next.map { .string(context.links(.api(place), context.query.with(["after": $0]))) }
                ?? .null,
        ]
    }
}

extension Problem {
    static func wrong(_ message: String) -> Problem {
        Problem(status: .badRequest, message: message, hint: "The API is described in Docs/openapi.json.")
    }
}
