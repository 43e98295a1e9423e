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
        let limit = try limit(context)
        var start = 0
        if let after = context.query["after"] {
            guard let index = all.firstIndex(where: { key($0) == after }) else { throw nothingAfter }
            start = index + 1
        }
        let items = all[start...].prefix(limit)
        let next = items.endIndex < all.count ? items.last.map(key) : nil
        return part(try items.map(json), of: all.count, next: next, at: place, context)
    }

    static let nothingAfter = Problem.wrong("'after' names nothing in this list.")

    /// How many elements are asked for.
    static func limit(_ context: PageContext) throws -> Int {
        guard let text = context.query["limit"] else { return 100 }
        guard let limit = Int(text), limits.contains(limit) else {
            throw Problem.wrong("'limit' is a number from \(limits.lowerBound) to \(limits.upperBound).")
        }
        return limit
    }

    /// A part of a list; `next` is the key of its last element, if there is more.
    static func part(
        _ items: [JSONValue], of total: Int, next: String?, at place: APIPlace, _ context: PageContext
    ) -> JSONValue {
        [
            "items": .array(items), "total": .int(Int64(total)),
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
