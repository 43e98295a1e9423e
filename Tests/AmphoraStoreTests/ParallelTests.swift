import Synchronization
import Testing

@testable import AmphoraStore

@Suite("Work on several threads")
struct ParallelTests {
    private struct Failure: Error, Equatable { let index: Int }

    @Test("Every index comes once", arguments: [0, 1, 2, 1000], [1, 2, 8])
    func indices(count: Int, workers: Int) throws {
        let seen = Mutex<[Int]>([])
        try Parallel.forEach(count, workers: workers) { index in seen.withLock { $0.append(index) } }
        #expect(seen.withLock { $0.sorted() } == Array(0..<count))
    }

    @Test("Results are in the order of the inputs", arguments: [1, 2, 8])
    func order(workers: Int) throws {
        let inputs = Array(0..<500)
        let outputs = try Parallel.map(inputs, workers: workers) { input in
            if input % 7 == 0 { Pause.sleep(nanoseconds: 100_000) }
            return input * 2
        }
        #expect(outputs == inputs.map { $0 * 2 })
        #expect(try Parallel.map([Int]()) { $0 }.isEmpty)
        #expect(try Parallel.map([1, 2]) { $0 == 1 ? nil : $0 } == [nil, 2], "no result is a result")
    }

    @Test("The first error is thrown, and nothing is begun after it")
    func firstError() {
        let begun = Mutex(0)
        let error = #expect(throws: Failure.self) {
            try Parallel.forEach(1000, workers: 1) { index in
                begun.withLock { $0 += 1 }
                if index >= 3 { throw Failure(index: index) }
            }
        }
        #expect(error == Failure(index: 3))
        #expect(begun.withLock { $0 } == 4)
        #expect(throws: Failure.self) { try Parallel.map([1], workers: 4) { throw Failure(index: $0) } }
    }

    @Test("With several workers, an error ends the work of all")
    func errorAmongMany() {
        let begun = Mutex(0)
        #expect(throws: Failure.self) {
            try Parallel.forEach(1_000_000, workers: 4) { index in
                begun.withLock { $0 += 1 }
                if index == 10 { throw Failure(index: index) }
            }
        }
        #expect(begun.withLock { $0 } < 1_000_000)
    }
}
