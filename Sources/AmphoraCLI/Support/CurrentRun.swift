import Amphora

/// The run that `amphora run` has started around this command, named by AMPHORA_RUN.
enum CurrentRun {
    static let variable = "AMPHORA_RUN"

    /// Finds the run, unless `amphora run` has started it in another store than this.
    ///
    /// - Throws: ``StaleRun`` if the variable names no run of this store.
    static func find(in store: Store) throws -> Run? {
        guard let text = Environment[variable] else { return nil }
        if let path = Environment["AMPHORA_STORE"], path != store.path { return nil }
        do {
            return try store.resumeRun(RunID(text))
        } catch {
            throw StaleRun(cause: error)
        }
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

/// AMPHORA_RUN names a run that cannot be gone on with.
struct StaleRun: UserFacingError {
    let cause: (any Error)?
    var code: ErrorCode { (cause as? any UserFacingError)?.code ?? .notFound }
    var message: String { "the run that AMPHORA_RUN names cannot be used" }
    var hint: String? { "If no run is under way: unset AMPHORA_RUN" }
}
