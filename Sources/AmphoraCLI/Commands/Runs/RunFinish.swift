import Amphora
import ArgumentParser

struct RunFinish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finish", abstract: "End a run",
        discussion: """
            Examples:
              amphora run finish
              amphora run finish --failed 'out of memory'
            """)

    @Option(help: ArgumentHelp("End it as failed, for this reason", valueName: "reason"))
    var failed: String?

    @Option(name: .customLong("run"), help: "The run (default: AMPHORA_RUN)")
    var runName: String?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let run = try CurrentRun.require(runName, in: global.openStore())
        if let failed { try run.fail(failed) } else { try run.finish() }
        let state: RunState = failed == nil ? .finished : .failed
        try global.output.write(
            ["run": .string(run.id.rawValue), "state": .string(state.rawValue)], text: "")
        run.store.tidyUp()
    }
}
