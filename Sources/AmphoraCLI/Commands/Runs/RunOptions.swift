import Amphora
import ArgumentParser

/// What is said of a run when it starts.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The step of the pipeline, such as train", valueName: "type"))
    var jobType: String?

    @Option(help: "A name for people (default: two words and a number)")
    var name: String?

    @Option(help: "What the run belongs to (default: the project's folder)")
    var project: String?

    @Option(help: ArgumentHelp("Settings: a JSON object, or @FILE", valueName: "json"))
    var config: String?

    @Option(name: .customLong("tag"), help: "A word to find it by; may be repeated")
    var tags: [String] = []

    @Option(help: "Free text about the run")
    var notes: String?

    func validate() throws {
        guard name != "", jobType != "", project != "" else {
            throw ValidationError("--name, --job-type and --project must not be empty")
        }
    }

    func start(in store: Store, jobType fallback: String, command: [String]) async throws -> Run {
        try store.startRun(
            project: project ?? ProjectName.of(store), jobType: jobType ?? fallback, name: name,
            config: try config.map { try JSONArgument.object($0, option: "--config") } ?? [:],
            notes: notes ?? "",
            tags: tags, command: command, code: await CodeState.current())
    }
}
