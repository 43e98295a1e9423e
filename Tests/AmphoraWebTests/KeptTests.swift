import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import AmphoraWeb

/// What is worked out once, for all who ask.
@Suite struct KeptTests {
    @Test func whoAsksForAnotherKeyDoesNotWait() async throws {
        let kept = Kept<Int, Int>(limit: 2)
        let (begun, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let slow = blocking {
            kept(1) {
                begun.signal()
                gate.wait()
                return 10
            }
        }
        let fast = try await blocking {
            begun.wait()
            defer { gate.signal() }
            return kept(2) { 20 }
        }
        #expect(fast == 20)
        #expect(try await slow == 10)
    }

    @Test func manyWhoAskAtOnceCostNoMoreThanOne() async throws {
        let kept = Kept<Int, Int>(limit: 1)
        let count = Atomic(0)
        try await blocking {
            DispatchQueue.concurrentPerform(iterations: 8) { _ in
                _ = kept(1) { count.add(1, ordering: .relaxed).newValue }
            }
        }
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test func whatIsOldOrDoesNotLastIsWorkedOutAgain() throws {
        let kept = Kept<Int, Int>(limit: 2)
        struct Failure: Error {}
        #expect(throws: Failure.self) { try kept(1) { throw Failure() } }
        #expect(kept(1, if: { _ in false }) { 1 } == 1)
        #expect(kept(1) { 2 } == 2)
        #expect(kept(2) { 3 } == 3)
        // It was asked for last: the other goes.
        #expect(kept(1) { 4 } == 2)
        #expect(kept(3) { 5 } == 5)
        #expect(kept(2) { 6 } == 6)
    }
}
