import Amphora
import AmphoraSync
import ArgumentParser
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Which remote a command is about.
struct RemoteOption: ParsableArguments {
    @Option(help: ArgumentHelp("The remote (default: origin, or the only one)", valueName: "name"))
    var remote: String?

    func find(in store: Store) throws -> Remote { try store.remote(remote, through: .ofProcess) }
}

extension Network {
    /// What this process was started with.
    static var ofProcess: Network {
        Network(
            environment: ProcessInfo.processInfo.environment,
            mayAsk: Terminal.isTerminal(STDIN_FILENO) && Terminal.isTerminal(STDERR_FILENO))
    }
}
