import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Signals that are for the command we run and must not end us before it: its run has to be finished.
///
/// `@unchecked`: the sources are made once and only cancelled, which any thread may do.
final class ForwardedSignals: @unchecked Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter pid: The command's process.
    init(to pid: pid_t) {
        Interruption.leave()
        // Ctrl-C reaches the command by itself, since it is in the terminal's foreground group.
        let caught = [SIGINT, SIGQUIT, SIGTERM, SIGHUP]
        sources = caught.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if number == SIGTERM || number == SIGHUP || tcgetpgrp(STDIN_FILENO) != getpgrp() {
                    kill(pid, number)
                }
            }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        Interruption.handle()
    }
}
