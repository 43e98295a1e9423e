import AmphoraStore

/// Notices that nothing moves any more.
///
/// Git is silent while a server works, and may hear from it all the same: so what counts is whether one of its
/// processes has read, written or computed anything. Helpers that speak to the network do not count, since they
/// look at their clocks even when nobody answers; what they get, git reads from them.
struct StallWatch {
    private static let interval = Duration.milliseconds(500)

    private let process: ChildProcess
    private let patience: Duration?
    private var lastLook = ContinuousClock.now
    private var activity = 0
    private var hasMoved = true
    private var idle = Duration.zero

    init(_ process: ChildProcess, patience: Duration?) {
        self.process = process
        self.patience = patience
    }

    /// To be asked about twice a second, or more often.
    ///
    /// - Parameter hasRead: Whether git has written something since the last time.
    /// - Returns: Whether it has stood still for too long.
    mutating func isOver(hasRead: Bool) -> Bool {
        guard let patience else { return false }
        hasMoved = hasMoved || hasRead
        let now = ContinuousClock.now
        let elapsed = now - lastLook
        guard elapsed >= Self.interval else { return false }
        lastLook = now
        let activity = ProcessTree(of: process.id).activity(of: process.id) { name in
            name.hasPrefix("git") && !name.hasPrefix("git-remote")
        }
        // While this process is stopped git may be, too: no look counts for more than a moment.
        idle = hasMoved || activity != self.activity ? .zero : idle + min(elapsed, .seconds(2))
        self.activity = activity
        hasMoved = false
        guard idle >= patience else { return false }
        // Who is asked for a password may take their time.
        if ProcessTree(of: process.id).hasOpen("/dev/tty", of: process.id) { idle = .zero }
        return idle >= patience
    }
}
