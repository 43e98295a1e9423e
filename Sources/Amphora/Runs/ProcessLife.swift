import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Whether the process of a run still lives.
enum ProcessLife {
    /// Whether a process that was there at `date` still is.
    ///
    /// - Parameters:
    ///   - pid: The process.
    ///   - date: When it is known to have lived.
    /// - Returns: `false` also if the number belongs to a process that began later.
    static func isAlive(_ pid: Int32, since date: Date) -> Bool {
        guard kill(pid, 0) == 0 || errno == EPERM else { return false }
        guard let start = startTime(of: pid) else { return true }
        // The two clocks are read at different moments; numbers are not reused that fast.
        return start.timeIntervalSince(date) < 5
    }

    /// When the process began, where the system says so.
    private static func startTime(of pid: Int32) -> Date? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8).split(separator: " ")
                .first
        else { return nil }
        // The name in parentheses may hold anything; field 22, the start in ticks since boot, is behind it.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 20, let ticks = Double(fields[20]), let seconds = Double(uptime) else {
            return nil
        }
        let age = seconds - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        return Date(timeIntervalSinceNow: -age)
    }
}
