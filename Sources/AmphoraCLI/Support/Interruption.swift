import Amphora
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What Ctrl-C does to a command: it ends at once, and nothing that it has begun is left behind.
enum Interruption {
    private static let sources = Mutex<[any DispatchSourceSignal]>([])
    /// Held while something happens that has to be finished.
    private static let unfinished = Mutex(())

    /// Handles the signals from now on, instead of dying of them.
    ///
    /// - Parameter tidy: Called before the end, on another thread.
    static func handle(_ tidy: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "amphora.interruption")
        sources.withLock { sources in
            guard sources.isEmpty else { return }
            sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
                // What is ignored from the start stays so: see nohup(1).
                let isIgnored = unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == 1
                guard !isIgnored else { return nil }
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { end(by: number, tidy) }
                source.resume()
                return source
            }
        }
    }

    private static func end(by number: CInt, _ tidy: () -> Void) -> Never {
        unfinished.withLock { _ in
            tidy()
            TemporaryFiles.removeAll { die(of: number) }
        }
    }

    /// Runs `body` to its end, whatever signals come: for steps that take a moment.
    static func postponed<Result>(_ body: () throws -> Result) rethrows -> Result {
        try unfinished.withLock { _ in try body() }
    }

    /// Ends the process by the signal, so that the shell sees why.
    private static func die(of number: CInt) -> Never {
        signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
        exit(128 + number)
    }
}
