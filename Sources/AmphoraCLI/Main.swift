import Amphora
import ArgumentParser

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The root of all commands.
struct AmphoraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amphora",
        abstract: "Keep versions of data sets and models, and of the runs that made them, in git",
        discussion: """
            A store is a git repository: `.amphora` in the current folder or one around it, or what \
            `--store` or AMPHORA_STORE name. Versions are written NAME, NAME:ALIAS or NAME:vN; no alias \
            means `latest`.

            Exit status: 0 done, 64 wrong usage, 10 not found, 11 already there, 12 conflict, 13 damaged, \
            14 locked, 15 unavailable, 70 internal.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Stores",
                subcommands: [
                    Initialize.self, Serve.self, Site.self, Verify.self, DiskUse.self, GarbageCollect.self,
                    Git.self,
                ]),
            CommandGroup(
                name: "Artifacts",
                subcommands: [
                    Put.self, Get.self, List.self, Show.self, Files.self, Cat.self, Log.self, Diff.self,
                    AliasGroup.self,
                    Remove.self,
                ]),
            CommandGroup(name: "Runs", subcommands: [RunGroup.self, Lineage.self]),
            CommandGroup(
                name: "Remotes",
                subcommands: [Clone.self, RemoteGroup.self, Fetch.self, Pull.self, Push.self, Sync.self]),
        ])
}

/// The entry point.
///
/// Decides one thing: how an error becomes text and an exit status.
@main
enum Main {
    static func main() async {
        signal(SIGPIPE, SIG_IGN)  // A closed pager is an EPIPE error from write(2), not a silent death.
        do {
            Interruption.handle()
            var command = try AmphoraCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            let status = report(error)
            // Threads may still be at work on files that nobody wants any more.
            TemporaryFiles.removeAll { exit(status) }
        }
    }

    /// Shows an error on standard error, and help on standard output.
    ///
    /// - Returns: The exit status.
    private static func report(_ error: any Error) -> Int32 {
        if let status = error as? CommandStatus { return status.value }
        // Who reads our output has gone: nothing is wrong, and nobody to tell.
        if error is OutputClosed { return 0 }
        if error is any UserFacingError {
            let report = ErrorReport(error)
            Terminal.write(isJSON ? "\(report.json.line)\n" : render(error), to: STDERR_FILENO)
            return report.code.exitStatus
        }
        let code = AmphoraCommand.exitCode(for: error)
        if code == .success {
            Terminal.write("\(AmphoraCommand.fullMessage(for: error))\n", to: STDOUT_FILENO)
            return 0
        }
        guard code == .validationFailure else {
            Terminal.write(render(error), to: STDERR_FILENO)
            return ErrorCode.internal.exitStatus
        }
        let usage = WrongUsage(text: AmphoraCommand.fullMessage(for: error))
        Terminal.write(isJSON ? "\(ErrorReport(usage).json.line)\n" : render(usage), to: STDERR_FILENO)
        return ErrorCode.invalidArgument.exitStatus
    }

    private static var isJSON: Bool {
        CommandLine.arguments.prefix { $0 != "--" }.contains("--json")
    }
}

/// A command line that was not understood.
private struct WrongUsage: UserFacingError {
    /// What the parser says: `Error: …`, then lines of usage and help.
    let text: String

    var code: ErrorCode { .invalidArgument }

    var message: String {
        let line = text.split(separator: "\n").first.map(String.init) ?? text
        let message = line.hasPrefix("Error: ") ? String(line.dropFirst(7)) : line
        return message.hasSuffix(".") ? String(message.dropLast()) : message
    }

    var hint: String? {
        text.split(separator: "\n").first { $0.contains("See '") }
            .map { $0.split(separator: "'") }
            .flatMap { $0.count > 1 ? "`\($0[1])` shows how." : nil }
    }
}

/// An exit status that is not an error of ours, such as that of a command that was run.
struct CommandStatus: Error {
    let value: Int32
}
