public import Amphora
public import ArgumentParser

struct RunList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List runs, the newest first",
        discussion: """
            Examples:
              amphora run ls --job-type train
              amphora run ls --state crashed
            """)

    @Option(help: "Only runs of this job type")
    var jobType: String?

    @Option(help: "Only runs of this project")
    var project: String?

    @Option(help: "Only runs in this state: \(RunState.allCases.map(\.rawValue).joined(separator: ", "))")
    var state: RunState?

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let now = GlobalOptions.surroundings.now()
        var table = TextTable([
            .init("ID"), .init("NAME", mayShrink: true), .init("JOB TYPE", mayShrink: true), .init("STATE"),
            .init("STARTED"), .init("TOOK", .right), .init("IN", .right), .init("OUT", .right),
        ])
        let runs = try global.openStore().runs(onDamage: { global.output.notice(of: $0) }).reversed().filter {
            run in
            (jobType ?? run.record.jobType) == run.record.jobType
                && (project ?? run.record.project) == run.record.project && (state ?? run.state) == run.state
        }
        for run in runs {
            table.append([
                run.id.rawValue, run.record.name, run.record.jobType, run.state.rawValue,
                Format.age(of: run.record.created, now: now),
                run.duration(until: now).map { Format.duration(.seconds($0)) } ?? "",
                "\(run.links.count { $0.role.isInput })", "\(run.links.count { $0.role.isOutput })",
            ])
        }
        try global.output.write(runs.map(\.json), table: table, ifEmpty: "No runs.")
    }
}

extension RunState: ExpressibleByArgument {}
