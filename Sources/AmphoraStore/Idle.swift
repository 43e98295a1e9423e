import Synchronization

/// Things that one thread at a time may use, each lent to one.
final class Idle<Resource>: Sendable {
    /// `@unchecked`: what is in here is used by nobody, and what is lent is not in here.
    private struct Shelf: @unchecked Sendable {
        var resources: [Resource] = []
    }

    private let shelf = Mutex(Shelf())
    private let make: @Sendable () -> Resource

    /// - Parameter make: Makes another one when all are lent.
    init(_ make: @escaping @Sendable () -> Resource) { self.make = make }

    /// Lends one for the length of `body`, which must not keep it.
    func with<Result>(_ body: (Resource) throws -> Result) rethrows -> Result {
        let resource = shelf.withLock { $0.resources.popLast() } ?? make()
        defer { shelf.withLock { $0.resources.append(resource) } }
        return try body(resource)
    }
}
