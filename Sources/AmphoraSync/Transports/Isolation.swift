import AmphoraObjects

/// Tells what a remote cannot give from all that it can.
enum Isolation {
    /// Brings many things at once; if that fails because of some of them, half of them at a time, until it is clear of which.
    ///
    /// A pack comes whole or not at all: one damaged object would keep all others from coming. Where a great many fail, they
    /// are not told apart to the last: each try may cost a transfer.
    ///
    /// - Parameters:
    ///   - items: What to bring.
    ///   - bring: Brings some of them; what it brought before it failed need not come again.
    /// - Returns: What cannot be brought, and why.
    /// - Throws: What says nothing of single things, such as a connection that broke off.
    static func faults<Item>(
        among items: [Item], _ bring: ([Item]) throws -> Void
    ) throws -> [(item: Item, error: any Error)] {
        var failureCount = 0
        return try faults(among: items, &failureCount, bring)
    }

    private static let mostFailures = 64

    private static func faults<Item>(
        among items: [Item], _ failureCount: inout Int, _ bring: ([Item]) throws -> Void
    ) throws -> [(item: Item, error: any Error)] {
        do {
            if !items.isEmpty { try bring(items) }
            return []
        } catch {
            guard error is NotOnRemote || (error as? any UserFacingError)?.code == .corrupt else {
                throw error
            }
            failureCount += 1
            guard items.count > 1, failureCount < mostFailures else { return items.map { ($0, error) } }
            let middle = items.count / 2
            return try faults(among: Array(items[..<middle]), &failureCount, bring)
                + faults(among: Array(items[middle...]), &failureCount, bring)
        }
    }
}

/// What is wrong with each of several things, told a line each.
struct Faults: UserFacingError {
    /// More would hide the command's other words.
    private static let mostLines = 20

    let message: String
    let cause: (any Error)?
    var code: ErrorCode { .corrupt }

    private init(message: String, cause: (any Error)?) {
        self.message = message
        self.cause = cause
    }

    /// - Returns: `nil` if there are no lines.
    static func chain(_ lines: [String]) -> Faults? {
        let told =
            lines.count > mostLines
            ? lines.prefix(mostLines) + ["\(lines.count - mostLines) more"] : lines[...]
        return told.reversed().reduce(nil) { Faults(message: $1, cause: $0) }
    }
}

extension ErrorReport {
    /// All that went wrong, in one line.
    var line: String { ([message] + causes).joined(separator: ": ") }
}
