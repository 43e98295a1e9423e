import AmphoraObjects
import AmphoraStore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension GitProgram {
    /// What git did.
    struct Result {
        /// As a shell has it.
        let status: Int32
        let output: [UInt8]
        /// What it wrote to standard error, without progress: the last lines.
        let messages: [String]
    }

    /// No list of refs is longer, and nobody may fill the memory.
    private static let longestOutput = 256 << 20

    /// Runs git to its end, on the caller's thread.
    ///
    /// - Parameters:
    ///   - arguments: What to do.
    ///   - input: What it reads.
    ///   - patience: How long it may stand still; `nil`: for ever.
    ///   - onProgress: Told of its progress.
    /// - Returns: What it did, success or not.
    /// - Throws: ``FileError`` if it cannot be started; ``Stalled``.
    func run(
        _ arguments: [String], input: FilePath = "/dev/null", patience: Duration? = nil,
        onProgress: (GitProgress) -> Void = { _ in }
    ) throws -> Result {
        let process = try start(arguments, input: input)
        var watch = StallWatch(process, patience: patience)
        var lines = GitLines()
        var output: [UInt8] = []
        var open = [process.output, process.errors]
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { buffer.deallocate() }
        while !open.isEmpty {
            var waiting = open.map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
            let count = poll(&waiting, nfds_t(waiting.count), 500)
            // What ssh leaves in the background may keep a pipe for ever.
            if count == 0, process.poll() != nil { break }
            for (end, state) in zip(open, waiting) where count > 0 && state.revents != 0 {
                let read = (try? end.read(into: buffer)) ?? 0
                if read == 0 { open.removeAll { $0 == end } }
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<read])
                if end == process.errors {
                    for progress in lines.add(bytes) { onProgress(progress) }
                } else {
                    output += bytes
                }
            }
            if watch.isOver(hasRead: count > 0) {
                end(process)
                throw Stalled(seconds: patience.map { Int($0.components.seconds) } ?? 0)
            }
            guard output.count <= Self.longestOutput else { throw EndlessAnswer() }
        }
        lines.finish()
        let status = process.wait()
        // Ctrl-C reaches both, and this process is about to end, too.
        if status == 128 + SIGINT { usleep(300_000) }
        return Result(status: status, output: output, messages: lines.messages)
    }

    /// Lets git show again what is typed at the terminal, if it had asked for a password.
    private func end(_ process: ChildProcess) {
        process.end(by: SIGTERM)
        for _ in 0..<100 where process.poll() == nil { usleep(10_000) }
    }
}

/// A server that does not come to an end.
struct EndlessAnswer: UserFacingError {
    var code: ErrorCode { .corrupt }
    var message: String { "its answer is longer than any list of refs" }
}

/// A transfer in which nothing has moved for too long.
struct Stalled: UserFacingError {
    let seconds: Int
    var code: ErrorCode { .unavailable }
    var message: String { "nothing has moved for \(seconds) seconds" }
    var hint: String? {
        "Run the command again: it goes on with what is missing. The setting amphora.stallTimeout says how many "
            + "seconds are too long."
    }
}
