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
    private static let tidy = Mutex<(@Sendable () -> Void)?>(nil)
    private static let stop = Mutex<(@Sendable () -> Void)?>(nil)
    /// Held while something happens that has to be finished.
    private static let unfinished = Mutex(())

    /// What is to be called before the end, on another thread.
    static func before(_ body: @escaping @Sendable () -> Void) { tidy.withLock { $0 = body } }

    /// What the first Ctrl-C or SIGTERM does instead of ending the process; the second ends it at once.
    static func first(_ body: @escaping @Sendable () -> Void) { stop.withLock { $0 = body } }

    /// Handles the signals from now on, instead of dying of them.
    static func handle() {
        let queue = DispatchQueue(label: "amphora.interruption")
        sources.withLock { sources in
            sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].compactMap { number in
                // What is ignored from the start stays so: see nohup(1).
                let isIgnored = unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == 1
                guard !isIgnored else { return nil }
                let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
                source.setEventHandler { receive(number) }
                source.resume()
                return source
            }
        }
    }

    /// Leaves the signals to others: when this returns, none is on its way here.
    static func leave() {
        sources.withLock { sources in
            for source in sources { source.cancel() }
            sources = []
        }
    }

    private static func receive(_ number: CInt) {
        if number == SIGINT || number == SIGTERM, let stop = stop.withLock({ $0.take() }) { return stop() }
        end(by: number)
    }

    private static func end(by number: CInt) -> Never {
        unfinished.withLock { _ in
            tidy.withLock { $0?() }
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
