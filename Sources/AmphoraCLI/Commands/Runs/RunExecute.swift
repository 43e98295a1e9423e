import Amphora
import ArgumentParser
import FoundationEssentials
import Subprocess
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

struct RunExecute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command as a run (the default)",
        discussion: """
            `amphora get` and `amphora put` inside the command become the run's inputs and outputs: it finds \
            the run's ID in AMPHORA_RUN. Command line, exit status, duration and the commit of the code around \
            are recorded. The exit status is the command's.

            Examples:
              amphora run --job-type train -- python train.py --epochs 5
              amphora run --config @train.json -- sh -c 'amphora get data && make model'
            """)

    @OptionGroup var options: RunOptions

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --")
    var command: [String] = []

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("no command is given: write it after --") }
    }

    func run() async throws {
        let store = try global.openStore()
        let program = command[0]
        let jobType = program.split(separator: "/").last.map(String.init) ?? program
        let run = try await options.start(in: store, jobType: jobType, command: command)
        let status: Int32
        do {
            status = try await execute(in: store, as: run)
        } catch {
            try run.fail("cannot run '\(program)'", exitStatus: 127)
            throw error
        }
        try run.end(exitStatus: Int(status))
        if let info = try? store.run(run.id.rawValue) { tell(of: info) }
        store.tidyUp()
        if status != 0 { throw CommandStatus(value: status) }
    }

    private func execute(in store: Store, as run: Run) async throws -> Int32 {
        let executable: Executable =
            command[0].contains("/") ? .path(FilePath(command[0])) : .name(command[0])
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(Array(command.dropFirst())),
                environment: .inherit.updating([
                    .init(stringLiteral: CurrentRun.variable): run.id.rawValue, "AMPHORA_STORE": store.path,
                ]),
                input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            ) { execution in
                ForwardedSignals(to: execution.processIdentifier.value)
            }
            return withExtendedLifetime(result.closureResult) {
                switch result.terminationStatus {
                case .exited(let code): code
                case .signaled(let number): 128 + number
                }
            }
        } catch {
            throw error is SubprocessError ? ProgramNotFound(program: command[0]) : error
        }
    }

    /// Tells how it went on standard error: standard output is the command's.
    private func tell(of run: RunInfo) {
        if global.json { return Terminal.write("\(run.json.line)\n", to: STDERR_FILENO) }
        let inputs = run.links.filter(\.role.isInput).map(\.artifact)
        let outputs = run.links.filter(\.role.isOutput).map(\.artifact)
        let duration = run.duration(until: .now).map { Format.duration(.seconds($0)) } ?? ""
        var text = "\(run.line) in \(duration)"
        if !inputs.isEmpty { text += "; used \(inputs.joined(separator: ", "))" }
        if !outputs.isEmpty { text += "; logged \(outputs.joined(separator: ", "))" }
        global.output.notice(text)
    }
}
