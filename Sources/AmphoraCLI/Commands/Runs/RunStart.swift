import Amphora
import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

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
        let store = try global.openStore(processID: pid ?? Self.callingScript)
        let run = try await options.start(in: store, jobType: options.jobType ?? "run", command: [])
        try global.output.write(
            ["run": .string(run.id.rawValue), "name": .string(run.name)], text: run.id.rawValue)
    }

    /// The script that calls us.
    ///
    /// Not the parent: in `$(amphora run start)` that may be a subshell that ends with us. The leader of the
    /// process group is the script, or the shell that people type into; typed directly there, we lead our
    /// own group, and the parent is that shell.
    private static var callingScript: Int32 {
        let leader = getpgrp()
        if leader == getpid() { return getppid() }
        return kill(leader, 0) == 0 ? leader : 0
    }
}
