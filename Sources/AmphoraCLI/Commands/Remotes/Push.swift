import Amphora
import AmphoraSync
import ArgumentParser

struct Push: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send what a remote does not have",
        discussion: """
            First brings this store up to the remote, as `amphora pull` does. Versions that are named are sent with the \
            aliases that named them and the runs that used or logged them, and nothing else.

            Examples:
              amphora push
              amphora push trained-model:best --remote production
              amphora push --dry-run
            """)

    @Argument(help: "Versions to send (default: all): NAME, NAME:ALIAS or NAME:vN")
    var versions: [String] = []

    @Flag(name: .customLong("init"), help: "Make a git repository that holds other things a store too")
    var isFirst = false

    @Flag(help: "Only say what would be sent")
    var dryRun = false

    @OptionGroup var remote: RemoteOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let selection =
            versions.isEmpty ? PushSelection.all : .versions(try versions.map { try VersionReference($0) })
        let remote = try remote.find(in: global.openStore())
        let report = try global.withProgress {
            try remote.push(selection, makingStore: isFirst, isTrial: dryRun, progress: $0)
        }
        try report.tell(global.output, remote: remote.name, isTrial: dryRun)
    }
}

struct Sync: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pull, then push everything",
        discussion: """
            Examples:
              amphora sync
            """)

    @Flag(help: "Only say what would change")
    var dryRun = false

    @OptionGroup var remote: RemoteOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let remote = try remote.find(in: global.openStore())
        let report = try global.withProgress { try remote.push(isTrial: dryRun, progress: $0) }
        try report.tell(global.output, remote: remote.name, isTrial: dryRun)
    }
}

extension PushReport {
    /// Tells what was done.
    ///
    /// - Parameters:
    ///   - output: Where.
    ///   - remote: Its name.
    ///   - isTrial: Whether nothing was sent.
    /// - Throws: ``PushRefused`` if the host refused something; what is damaged there.
    fileprivate func tell(_ output: Output, remote: String, isTrial: Bool) throws {
        if isNewStore { output.notice("\(remote) \(isTrial ? "would be" : "is") a store now") }
        output.notice(
            "\(remote): \(sent.isEmpty ? "nothing to send" : Format.count(sent.count, "ref")), "
                + (isTrial ? "nothing was changed" : "\(Format.bytes(size.byteCount)) sent"))
        let pulled = SyncText.lines(changes, remote: remote)
        let pushed = sent.map { sent in
            SyncText.line(
                sent.refusal != nil ? "refused" : isTrial ? "to push" : "pushed",
                sent.name + (sent.kind == .removed ? " (removed)" : "")
                    + (sent.refusal.map { ": \($0)" } ?? ""))
        }
        try output.write(
            [
                "remote": .string(remote), "changes": .array(changes.map(\.json)),
                "pushed": .array(
                    sent.map { sent in
                        [
                            "name": .string(sent.name), "change": .string(sent.kind.rawValue),
                            "refused": sent.refusal.map(JSONValue.string) ?? .null,
                        ]
                    }),
                "sent": self.size.json, "new_store": .bool(isNewStore), "dry_run": .bool(isTrial),
            ], text: (pulled + pushed).map { $0.escapingControlCharacters() }.joined(separator: "\n"))
        output.tell(strayTypes)
        let refused = sent.filter { $0.refusal != nil }
        if !refused.isEmpty { throw PushRefused(remote: remote, refused: refused) }
        if let damage { throw damage }
    }
}

/// A host that did not want some of what was sent.
struct PushRefused: UserFacingError {
    let remote: String
    let refused: [PushReport.Sent]
    var code: ErrorCode { .unavailable }
    var message: String {
        "'\(remote)' refused \(Format.count(refused.count, "ref")): "
            + refused.prefix(3).map { "\($0.name) (\($0.refusal ?? ""))" }.joined(separator: ", ")
            + (refused.count > 3 ? ", …" : "")
    }
    var hint: String? { "Its owner decides what may be pushed; all else is as the lines above say." }
}
