#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Waits between tries at something contended.
package enum Backoff {
    /// Sleeps 1 ms, 2 ms, 4 ms … at most 64 ms, times a random factor between 0.5 and 1.5.
    ///
    /// - Parameter attempt: The number of the failed try, from 1.
    package static func sleep(afterAttempt attempt: Int) {
        let base = Double(1 << min(attempt - 1, 6)) * 1_000_000
        var time = timespec(tv_sec: 0, tv_nsec: Int(base * Double.random(in: 0.5...1.5)))
        nanosleep(&time, nil)
    }
}
