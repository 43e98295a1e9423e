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
        try CurrentRun.require(runName, in: global.openStore()).setSummary(JSONArgument.pairs(entries))
    }
}
