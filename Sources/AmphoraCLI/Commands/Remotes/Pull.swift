import Amphora
import AmphoraSync
import ArgumentParser

struct Pull: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring this store up to a remote, and content if it is named",
        discussion: """
            Brings the catalogue: all versions, aliases and runs. What was logged here stays; a version whose number \
            the remote has given to another one gets the next free number. Files come when they are needed, or \
            now, for the versions that are named.

            Examples:
              amphora pull
              amphora pull trained-model:best   and its files
              amphora pull --all                and all files
            """)

    @Argument(help: "Versions whose files to bring: NAME, NAME:ALIAS or NAME:vN")
    var versions: [String] = []

    @Flag(help: "Bring the files of all versions, and all of the runs")
    var all = false

    @Flag(help: "Only say what would change")
    var dryRun = false

    @OptionGroup var remote: RemoteOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        guard !all || versions.isEmpty else { throw AllOrSome() }
        let references = try versions.map { try VersionReference($0) }
        let store = try global.openStore()
        let chosen = try remote.find(in: store)
        let report = try global.withProgress { try chosen.pull(isTrial: dryRun, progress: $0) }
        try report.tell(global.output, remote: chosen.name, isTrial: dryRun)
        guard !dryRun, all || !references.isEmpty else { return }
        let remotes = try remote.remote == nil ? store.remotes(through: .ofProcess) : [chosen]
        try ShownContent(remotes: RemoteContent(remotes), output: global.output).bring(
            all ? store.contentNeeds() : references.map { ContentNeed(try store.version($0)) }, into: store)
    }
}

extension PullReport {
    /// Tells what was done.
    func tell(_ output: Output, remote: String, isTrial: Bool) throws {
        fetched.tellStrangers(output, remote: remote)
        output.notice(
            "\(remote): \(changes.isEmpty ? "nothing new" : Format.count(changes.count, "change")), "
                + "\(Format.bytes(fetched.size.byteCount)) received"
                + (isTrial ? ", nothing was changed" : "")
                + (pending.isEmpty ? "" : ", \(Format.number(pending.count)) to push"))
        try output.write(
            [
                "remote": .string(remote), "changes": .array(changes.map(\.json)),
                "to_push": .array(pending.map(JSONValue.string)), "received": fetched.size.json,
                "dry_run": .bool(isTrial),
            ], text: SyncText.lines(changes, remote: remote).joined(separator: "\n"))
    }
}

/// Both all versions and some were named.
struct AllOrSome: UserFacingError {
    var code: ErrorCode { .invalidArgument }
    var message: String { "both `--all` and single versions were named" }
    var hint: String? { "Leave out either." }
}
