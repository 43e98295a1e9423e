import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The script, or interactive shell, that calls us.
///
/// Mostly the parent. But in `$(amphora run start | head -1)` the parent is a subshell that ends with us, and
/// in `timeout 5 amphora run start` it is a program that only waits for us.
enum CallingScript {
    private static let waiters: Set<String> = [
        "timeout", "sudo", "doas", "time", "nice", "ionice", "stdbuf", "setsid",
    ]

    static var processID: Int32 {
        var pid = getppid()
        while let info = info(of: pid), let parent = Self.info(of: info.parent) {
            let isSubshell = info.commandLine == parent.commandLine && info.program == parent.program
            guard isSubshell || waiters.contains(info.program) else { break }
            pid = info.parent
        }
        return pid
    }

    private struct Info {
        let parent: Int32
        let program: String
        let commandLine: Data
    }

    /// What the system tells of a process, where it has `/proc`.
    private static func info(of pid: Int32) -> Info? {
        guard pid > 1, let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let commandLine = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline")),
            let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")"),
            let parent = stat[close...].split(separator: " ").dropFirst(2).first.flatMap({ Int32($0) })
        else { return nil }
        return Info(
            parent: parent, program: String(stat[stat.index(after: open)..<close]), commandLine: commandLine)
    }
}
