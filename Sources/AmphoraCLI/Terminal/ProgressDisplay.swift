import AmphoraObjects
import Synchronization

/// Shows progress on one line of a terminal, drawn over and over.
///
/// Work that is done soon shows nothing. Updates may come from any thread, as often as they like: each costs
/// one look at the clock, and few lead to drawing.
final class ProgressDisplay: Sendable {
    private static let delay = Duration.milliseconds(300)
    private static let interval = Duration.milliseconds(100)
    private static let eraseLine = "\r\u{1B}[K"

    private struct State {
        var activity: String?
        var activityStart = Duration.zero
        var lastDrawing: Duration?
        var isFinished = false
    }

    private let width: (@Sendable () -> Int)?
    private let elapsed: @Sendable () -> Duration
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - width: The terminal's columns, asked at every drawing as windows change; `nil`: show nothing.
    ///   - elapsed: The time since some fixed moment.
    ///   - write: Puts text on the terminal.
    init(
        width: (@Sendable () -> Int)?, elapsed: @escaping @Sendable () -> Duration,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.width = width
        self.elapsed = elapsed
        self.write = write
    }

    /// Shows progress on standard error, if that is a terminal.
    ///
    /// - Parameters:
    ///   - isQuiet: Whether nothing shall be shown.
    ///   - columns: The value of `COLUMNS` in the environment.
    convenience init(isQuiet: Bool, columns: String?) {
        let standardError: Int32 = 2
        let start = ContinuousClock.now
        let width: @Sendable () -> Int = { Terminal.width(of: standardError, columns: columns) ?? 80 }
        self.init(
            width: !isQuiet && Terminal.isTerminal(standardError) ? width : nil,
            elapsed: { ContinuousClock.now - start }, write: { Terminal.write($0, to: standardError) })
    }

    /// What to hand to long work.
    var handler: Progress.Handler { { self.update($0) } }

    /// Draws the line if it is time to.
    func update(_ progress: Progress) {
        guard let width else { return }
        let now = elapsed()
        // Writing inside the lock keeps lines from mixing, and `finish` from being overtaken.
        state.withLock { state in
            if state.activity != progress.activity {
                state.activity = progress.activity
                state.activityStart = now
            }
            let next = state.lastDrawing.map { $0 + Self.interval } ?? Self.delay
            guard !state.isFinished, now >= next else { return }
            state.lastDrawing = now
            // One column is left free: some terminals wrap when the last is written.
            let elapsed = now - state.activityStart
            write(Self.eraseLine + ProgressBar.line(progress, elapsed: elapsed, width: width() - 1))
        }
    }

    /// Clears the line: to be called before anything else is written to the terminal.
    ///
    /// Later updates show nothing.
    func finish() {
        state.withLock { state in
            if state.lastDrawing != nil, !state.isFinished { write(Self.eraseLine) }
            state.isFinished = true
        }
    }
}
