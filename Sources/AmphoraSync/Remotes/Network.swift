/// What the program `git` gets to know of the world outside when it reaches a remote.
public struct Network: Sendable {
    /// The environment of the process: git, ssh and helpers for credentials take their settings from it.
    public var environment: [String: String]
    /// Whether git may ask for a password: someone sits at a terminal.
    public var mayAsk: Bool

    /// Takes what the program was started with.
    public init(environment: [String: String], mayAsk: Bool) {
        self.environment = environment
        self.mayAsk = mayAsk
    }
}
