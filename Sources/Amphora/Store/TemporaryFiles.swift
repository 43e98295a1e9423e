import AmphoraStore

/// Files that this process has begun and not finished.
public enum TemporaryFiles {
    /// Removes them all and ends the process: for programs that are told to stop by a signal.
    ///
    /// Not to be called in a signal handler, but on a thread that waits for signals. Other threads may be
    /// at work. What a killed process leaves is removed by the next one too, only later.
    ///
    /// - Parameter end: Ends the process.
    public static func removeAll(then end: () -> Never) -> Never { TemporaryFolder.removeAll(then: end) }
}
