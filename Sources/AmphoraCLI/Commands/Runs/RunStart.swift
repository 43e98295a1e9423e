import Amphora
import ArgumentParser

struct RunStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a run and print its ID",
        discussion: """
            The run belongs to the script that calls this, and counts as crashed if that ends without \
            `amphora run finish`.

            Examples:
              export AMPHORA_RUN=$(amphora run start --job-type train --config '{"epochs": 5}')
            """)

    @OptionGroup var options: RunOptions
    @OptionGroup var global: GlobalOptions

    @Option(help: "The process that the run belongs to; 0 for none (default: the calling script)")
    var pid: Int32?

    func run() async throws {
        let store = try global.openStore(processID: pid ?? CallingScript.processID)
        let run = try await options.start(in: store, jobType: options.jobType ?? "run", command: [])
        try global.output.write(
            ["run": .string(run.id.rawValue), "name": .string(run.name)], text: run.id.rawValue)
    }
}
