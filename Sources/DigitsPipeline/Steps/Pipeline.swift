import Amphora

/// The five steps.
///
/// Each is a method in a file of its own, and could as well be a program of its own: they
/// share nothing but the store.
struct Pipeline {
    let store: Store
    let project: String

    /// Runs one step as a run of this job type, finished if `body` returns and failed if it throws.
    func step(
        _ jobType: String, config: [String: JSONValue] = [:], _ body: (Run) throws -> Void
    ) throws {
        let run = try store.startRun(project: project, jobType: jobType, config: config)
        print("\(jobType) (\(run.name), \(run.id))")
        do {
            try body(run)
        } catch {
            try run.fail("\(error)")
            throw error
        }
        try run.finish()
    }
}
