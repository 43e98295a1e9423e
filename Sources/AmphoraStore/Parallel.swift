import Dispatch
import FoundationEssentials
import Synchronization

/// Work spread over threads of its own, never over the pool of Swift's tasks, which must not block.
package enum Parallel {
    /// As many workers as the machine has cores.
    package static let workerCount = max(1, ProcessInfo.processInfo.activeProcessorCount)

    /// Calls `body` with each index, on several threads at once, and returns when all are done.
    ///
    /// - Parameters:
    ///   - count: `body` gets the numbers from 0 to `count - 1`, in no certain order.
    ///   - workers: Threads at most.
    ///   - body: May block.
    /// - Throws: The first error that `body` threw; after it no further index is begun.
    package static func forEach(
        _ count: Int, workers: Int = workerCount, _ body: @Sendable (Int) throws -> Void
    ) throws {
        let next = Atomic(0)
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: min(workers, count)) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                do {
                    try body(index)
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                    next.store(count, ordering: .relaxed)
                    return
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Transforms the elements on several threads, keeping their order.
    ///
    /// - Throws: The first error that `transform` threw.
    package static func map<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], workers: Int = workerCount, _ transform: @Sendable (Input) throws -> Output
    ) throws -> [Output] {
        // Each element is written once, by one thread, and read when all are done: no lock is needed.
        nonisolated(unsafe) let outputs = UnsafeMutableBufferPointer<Output?>.allocate(
            capacity: inputs.count)
        outputs.initialize(repeating: nil)
        defer {
            outputs.deinitialize()
            outputs.deallocate()
        }
        try forEach(inputs.count, workers: workers) { outputs[$0] = try transform(inputs[$0]) }
        return outputs.compactMap(\.self)
    }
}
