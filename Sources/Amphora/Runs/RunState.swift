/// How far a run has come.
public enum RunState: String, Sendable, CaseIterable {
    case running, finished, failed
    /// Its process ended without finishing it.
    case crashed
}
