import Synchronization
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that runs while this process does, and ends with it.
///
/// One thread starts it and waits for it. A process that is told to stop kills its children first; one that is
/// killed takes their pipes with it, and they die when they next write.
package final class ChildProcess {
    /// Those of this process.
    private static let all = Mutex<[Int32: Bool]>([:])

    package let id: Int32
    /// Where its standard output can be read.
    package let output: FileDescriptor
    /// Where its standard error can be read.
    package let errors: FileDescriptor
    private let isDetached: Bool
    private var status: Int32?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - arguments: After its name.
    ///   - environment: All of it: nothing is inherited.
    ///   - input: What its standard input is read from.
    ///   - isDetached: Whether it has no terminal, so that it can ask nobody.
    /// - Throws: ``FileError``.
    package init(
        _ program: FilePath, _ arguments: [String], environment: [String: String],
        input: FilePath = "/dev/null", isDetached: Bool
    ) throws {
        self.isDetached = isDetached
        // Under the lock: a child is either not started or known to whoever ends all, and none inherits the pipes
        // of another.
        (id, output, errors) = try Self.all.withLock { all in
            let output = try Self.makePipe()
            let errors = try Self.makePipe()
            defer { for end in [output.write, errors.write] { try? end.close() } }
            do {
                let id = try Self.spawn(
                    program, arguments, environment, input, output.write, errors.write, isDetached)
                all[id] = isDetached
                return (id, output.read, errors.read)
            } catch {
                for end in [output.read, errors.read] { try? end.close() }
                throw FileError("run", program, error)
            }
        }
    }

    deinit {
        if status == nil {
            end(by: SIGKILL)
            _ = wait()
        }
        for end in [output, errors] { try? end.close() }
    }

    private static func makePipe() throws -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw FileError("make", "a pipe", errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    #if canImport(Darwin)
    private static let newSession = Int32(POSIX_SPAWN_SETSID)
    #else
    // Glibc's headers show it to programs in C only.
    private static let newSession: Int32 = 0x80
    #endif

    private static func spawn(
        _ program: FilePath, _ arguments: [String], _ environment: [String: String], _ input: FilePath,
        _ output: FileDescriptor, _ errors: FileDescriptor, _ isDetached: Bool
    ) throws -> pid_t {
        #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input.string, O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.rawValue, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.rawValue, STDERR_FILENO)
        // What this process ignores or blocks, the child must not.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let session = isDetached ? newSession : 0
        posix_spawnattr_setflags(
            &attributes, Int16(Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | session))
        let words = ([program.string] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var id: pid_t = 0
        let failure = posix_spawn(&id, program.string, &actions, &attributes, words, variables)
        guard failure == 0 else { throw Errno(rawValue: failure) }
        return id
    }

    /// Its exit status as a shell has it, if it has ended.
    package func poll() -> Int32? { reap(WNOHANG) }

    /// Waits until it has ended.
    ///
    /// - Returns: Its exit status as a shell has it: 128 and the signal's number, if it was one.
    package func wait() -> Int32 { reap(0) ?? -1 }

    private func reap(_ options: Int32) -> Int32? {
        if let status { return status }
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT | options) != 0 {
            guard errno == EINTR else { break }
        }
        guard information.si_signo == SIGCHLD else { return nil }
        // Before its number can be another's.
        _ = Self.all.withLock { $0.removeValue(forKey: id) }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let result = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        self.status = result
        return result
    }

    /// Sends a signal to it and to all that it has started.
    package func end(by signal: CInt) { Self.end(id, isDetached, by: signal) }

    private static func end(_ id: pid_t, _ isDetached: Bool, by signal: CInt) {
        if isDetached {
            kill(-id, signal)
        } else {
            for id in [id] + ProcessTree(of: id).ids { kill(id, signal) }
        }
    }

    /// Kills those of the whole process, lets no other be started, and goes on to the end.
    static func endAll(then end: () -> Never) -> Never {
        all.withLock { all in
            for (id, isDetached) in all { Self.end(id, isDetached, by: SIGKILL) }
            end()
        }
    }
}
