import NIOPosix
import Synchronization

/// Threads for what blocks: reading a store does.
struct Workers: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 8)
    private let waiting = Counter(limit: Limits.waitingCount)

    init() { pool.start() }

    /// Runs `body` on one of the threads.
    ///
    /// - Throws: ``TooBusy`` if too many wait already; what `body` throws.
    func callAsFunction<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
        -> Result
    {
        let place = try waiting.place()
        defer { withExtendedLifetime(place) {} }
        return try await pool.runIfActive(body)
    }
}

/// How many there are of something of which there may be only so many.
final class Counter: Sendable {
    private let count = Atomic(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// One of the places; it is given back when nobody holds it any more.
    ///
    /// - Throws: ``TooBusy`` if all are taken.
    func place() throws -> Place {
        let place = Place(self)
        guard count.load(ordering: .relaxed) <= limit else { throw TooBusy() }
        return place
    }

    final class Place: Sendable {
        private let counter: Counter

        fileprivate init(_ counter: Counter) {
            self.counter = counter
            counter.count.add(1, ordering: .relaxed)
        }

        deinit { counter.count.subtract(1, ordering: .relaxed) }
    }
}

/// More is asked at once than can be answered.
struct TooBusy: Error {}
