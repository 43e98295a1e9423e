import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A step that a process told to stop finishes first: as long as one of these lives, ``end()`` waits.
///
/// For steps of a moment, such as holding the lock of a ref, which would stop others if it were left behind.
package final class Uninterrupted: Sendable {
    private static let state = Mutex((count: 0, isEnding: false))

    package init() {
        while !Self.state.withLock({ state in
            // Steps within steps may go on.
            guard !state.isEnding || state.count > 0 else { return false }
            state.count += 1
            return true
        }) {
            // The process is about to end.
            usleep(1000)
        }
    }

    deinit { Self.state.withLock { $0.count -= 1 } }

    /// Returns when no step is under way, and lets no other begin.
    package static func end() {
        while Self.state.withLock({ state in
            state.isEnding = true
            return state.count > 0
        }) { usleep(1000) }
    }
}
