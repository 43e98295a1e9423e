import FoundationEssentials

/// Runs the scripts of a benchmark in a folder, away from the user's settings and caches.
struct Shell {
    let folder: String
    let environment: [String: String]

    /// - Parameters:
    ///   - folder: Where scripts run. Also the home folder, so that whatever programs keep there is measured and removed.
    ///   - variables: What scripts may refer to.
    init(folder: String, variables: [String: String]) {
        self.folder = folder
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        environment = ["PATH": path, "HOME": folder, "LC_ALL": "C.UTF-8"].merging(variables) { $1 }
    }

    /// Runs a script to its end.
    ///
    /// - Parameters:
    ///   - script: In the language of `sh`.
    ///   - variables: More that it may refer to.
    /// - Returns: What it did and cost.
    /// - Throws: ``Failure`` if its status is not 0.
    @discardableResult
    func run(_ script: String, _ variables: [String: String] = [:]) throws -> MeasuredProcess.Outcome {
        let outcome = try MeasuredProcess(
            arguments: ["/bin/sh", "-ec", script], folder: folder,
            environment: environment.merging(variables) { $1 }
        ).run()
        guard outcome.status == 0 else {
            throw Failure("\(script): status \(outcome.status)\n\(outcome.output.suffix(2000))")
        }
        return outcome
    }

    /// The first line that a script prints, or `nil` if it fails.
    func line(_ script: String) -> String? {
        (try? run(script))?.output.split(separator: "\n").first.map(String.init)
    }
}
