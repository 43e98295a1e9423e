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
        var received = report.fetched.size
        var pending: [PendingContent] = []
        let content = Result {
            guard all || !references.isEmpty else { return }
            let wanted = all ? nil : references
            if dryRun {
                pending = try chosen.pendingContent(of: wanted, after: report)
            } else {
                received += try bringContent(wanted, from: chosen, into: store)
            }
        }
        // What became of the catalogue is told, whatever became of the files.
        try report.tell(
            global.output, remote: chosen.name, isTrial: dryRun, received: received, files: pending)
        try report.fetched.end(with: content, global.output)
    }

    /// Brings files of versions; `nil`: of all, and of the runs.
    private func bringContent(
        _ references: [VersionReference]?, from chosen: Remote, into store: Store
    ) throws -> TransferSize {
        let remotes = try remote.remote == nil ? store.remotes(through: .ofProcess) : [chosen]
        return try ShownContent(remotes: RemoteContent(remotes), output: global.output).fetch(
            references?.map { ContentNeed(try store.version($0)) } ?? store.contentNeeds(), into: store)
    }
}

extension PullReport {
    /// Tells what was done.
    ///
    /// - Parameters:
    ///   - output: Where.
    ///   - remote: Its name.
    ///   - isTrial: Whether nothing was changed.
    ///   - received: How much came, with the files.
    ///   - files: What files would come.
    /// - Throws: If nothing can be written.
    fileprivate func tell(
        _ output: Output, remote: String, isTrial: Bool, received: TransferSize, files: [PendingContent]
    ) throws {
        fetched.tellStrangers(output, remote: remote)
        output.notice(
            "\(remote): \(changes.isEmpty ? "nothing new" : Format.count(changes.count, "change")), "
                + "\(Format.bytes(received.byteCount)) received"
                + (isTrial ? ", nothing was changed" : "")
                + (pending.isEmpty ? "" : ", \(Format.number(pending.count)) to push"))
        try output.write(
            [
                "remote": .string(remote), "changes": .array(changes.map(\.json)),
                "to_push": .array(pending.map(JSONValue.string)), "received": received.json,
                "to_fetch": .array(files.map(\.json)), "dry_run": .bool(isTrial),
            ],
            text: (SyncText.lines(changes, remote: remote) + SyncText.lines(files)).joined(
                separator: "\n"))
        output.tell(strayTypes)
    }
}

/// Both all versions and some were named.
struct AllOrSome: UserFacingError {
    var code: ErrorCode { .invalidArgument }
    var message: String { "both `--all` and single versions were named" }
    var hint: String? { "Leave out either." }
}
