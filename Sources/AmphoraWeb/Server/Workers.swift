import NIOCore
import NIOPosix
import Synchronization

/// Threads for what blocks: reading a store does.
struct Workers: Sendable {
    private let threads: Threads
    private let waiting: Counter
    private let limit: TimeAmount

    /// - Parameters:
    ///   - limits: How many may wait, and how long for an answer.
    ///   - threadCount: How many work at once.
    init(_ limits: Limits = Limits(), threadCount: Int = 8) {
        waiting = Counter(limit: limits.waitingCount)
        limit = limits.answer
        threads = Threads(count: threadCount)
    }

    /// Runs `body` on one of the threads.
    ///
    /// A body that takes too long goes on, since nothing can stop it, and keeps its place until it is over; one that has
    /// not begun by then never does.
    ///
    /// - Throws: ``TooBusy`` if too many wait already; ``TooSlow``; what `body` throws.
    func callAsFunction<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        let place = try waiting.place()
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let end = NIODeadline.now() + limit
        let promise = loop.makePromise(of: Value.self)
        let deadline = loop.scheduleTask(deadline: end) { promise.fail(TooSlow()) }
        defer { deadline.cancel() }
        threads {
            withExtendedLifetime(place) {
                guard NIODeadline.now() < end else { return }
                promise.completeWith(Result { try body() })
            }
        }
        return try await promise.futureResult.get()
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

/// The answer takes longer than anybody waits.
struct TooSlow: Error {}
