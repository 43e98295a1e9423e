import FoundationEssentials
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A process that is run to its end and measured.
///
/// Of its own since the libraries for processes reap them without asking what they used.
struct MeasuredProcess {
    /// The program's path, and what it is given.
    let arguments: [String]
    let folder: String
    /// All of it: nothing is inherited.
    let environment: [String: String]

    struct Outcome {
        /// As a shell has it: 128 and the signal's number, if it was one.
        let status: Int32
        /// Standard output and standard error.
        let output: String
        let cost: ProcessCost
    }

    /// Runs it.
    ///
    /// - Returns: What became of it, success or not.
    /// - Throws: `Errno` if it cannot be started.
    func run() throws -> Outcome {
        // A file, not a pipe: nothing is to be read while the clock runs.
        guard let file = tmpfile() else { throw Errno(rawValue: errno) }
        defer { fclose(file) }
        let output = FileDescriptor(rawValue: fileno(file))
        let start = ContinuousClock.now
        let process = try spawn(output: output)
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0 {
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        // The process has ended and is not yet reaped: the last moment at which its counters can be read.
        let counters = Self.counters(of: process)
        var status: Int32 = 0
        var usage = rusage()
        guard wait4(process, &status, 0, &usage) == process else { throw Errno(rawValue: errno) }
        return Outcome(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F,
            output: try Self.text(of: output),
            cost: ProcessCost(
                seconds: seconds, cpuSeconds: Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime),
                peakByteCount: Int(usage.ru_maxrss) * Self.peakUnit,
                readByteCount: counters["rchar"], writtenByteCount: counters["wchar"]))
    }

    #if canImport(Darwin)
    private static let peakUnit = 1
    #else
    private static let peakUnit = 1024
    #endif

    private func spawn(output: FileDescriptor) throws -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        #else
        var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, STDERR_FILENO)
        // posix_spawn(3) has no standard way to choose the folder.
        let entering = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder]
        let words = (entering + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, entering[0], &actions, nil, words, variables)
        guard failure == 0 else { throw Errno(rawValue: failure) }
        return process
    }

    /// What Linux has counted: proc(5), `/proc/PID/io`.
    private static func counters(of process: pid_t) -> [String: Int] {
        guard let file = try? FileDescriptor.open(FilePath("/proc/\(process)/io"), .readOnly),
            let text = try? file.closeAfter({ try text(of: file) })
        else { return [:] }
        return text.split(separator: "\n").reduce(into: [:]) { counters, line in
            let words = line.split(separator: ": ")
            if words.count == 2 { counters[String(words[0])] = Int(words[1]) }
        }
    }

    /// The first 64 KiB.
    private static func text(of file: FileDescriptor) throws -> String {
        let bytes = try [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            count = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }
}
