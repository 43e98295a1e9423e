import Amphora

/// The run that `amphora run` has started around this command, named by AMPHORA_RUN.
enum CurrentRun {
    static let variable = "AMPHORA_RUN"

    /// - Throws: ``InvalidName`` or ``NotInStore`` if the variable names no run of this store.
    static func find(in store: Store) throws -> Run? {
        try Environment[variable].map { try store.resumeRun(RunID($0)) }
    }

    /// The run, for a command that makes no sense without one.
    static func require(_ text: String?, in store: Store) throws -> Run {
        if let text { return try store.resumeRun(store.run(text).id) }
        guard let run = try find(in: store) else { throw NoCurrentRun() }
        return run
    }
}

/// No run was named.
struct NoCurrentRun: UserFacingError {
    var code: ErrorCode { .invalidArgument }
    var message: String { "no run is named" }
    var hint: String? { "Use `--run ID`, or `export AMPHORA_RUN=$(amphora run start)` first." }
}
