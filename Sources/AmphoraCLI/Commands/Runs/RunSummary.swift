import Amphora
import ArgumentParser

struct RunSummary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Set results of a run",
        discussion: """
            Examples:
              amphora run summary accuracy=0.97 loss=0.08
            """)

    @Argument(
        help: ArgumentHelp("Results; JSON values count as such, others as text", valueName: "key=value"))
    var entries: [String]

    @Option(name: .customLong("run"), help: "The run (default: AMPHORA_RUN)")
    var runName: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let run = try CurrentRun.require(runName, in: global.openStore())
        let summary = try JSONArgument.pairs(entries)
        try run.setSummary(summary)
        try global.output.write(["run": .string(run.id.rawValue), "summary": .object(summary)], text: "")
        run.store.tidyUp()
    }
}
