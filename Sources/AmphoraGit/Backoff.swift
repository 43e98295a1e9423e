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
        sleep(milliseconds: Double(1 << min(attempt - 1, 6)) * Double.random(in: 0.5...1.5))
    }

    /// Sleeps for a random time, on average as long as the failed try took, twice, four and at most eight times as long.
    ///
    /// So of many who try at once only a few are at it at any time, however many they are and however slow.
    ///
    /// - Parameters:
    ///   - attempt: The number of the failed try, from 1.
    ///   - duration: How long it took; more than a second counts as one.
    package static func sleep(afterAttempt attempt: Int, of duration: Duration) {
        let milliseconds = min(duration, .seconds(1)) / .milliseconds(1)
        sleep(milliseconds: milliseconds * Double(1 << min(attempt, 4)) * Double.random(in: 0...1))
    }

    private static func sleep(milliseconds: Double) {
        let (seconds, rest) = Int(milliseconds * 1_000_000).quotientAndRemainder(dividingBy: 1_000_000_000)
        var time = timespec(tv_sec: seconds, tv_nsec: rest)
        nanosleep(&time, nil)
    }
}
