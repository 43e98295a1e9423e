import Amphora
import AmphoraSync
import ArgumentParser

struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at what a remote has; versions here stay as they are",
        discussion: """
            Brings the catalogue, versions and runs without files, and remembers what the remote has. `amphora pull` \
            goes on from there.

            Examples:
              amphora fetch
              amphora fetch --remote backup
            """)

    @OptionGroup var remote: RemoteOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let remote = try remote.find(in: global.openStore())
        let report = try global.withProgress { try remote.fetch(progress: $0) }
        report.tellStrangers(global.output, remote: remote.name)
        global.output.notice(
            "\(remote): \(Format.count(report.changedNames.count, "change")), \(Format.bytes(report.size.byteCount)) received"
        )
        try global.output.write(
            [
                "remote": .string(remote.name), "changed": .array(report.changedNames.map(JSONValue.string)),
                "received": report.size.json,
            ],
            text: report.changedNames.count > 40
                ? Format.count(report.changedNames.count, "change")
                : report.changedNames.joined(separator: "\n"))
        if let damage = report.damage { throw damage }
    }
}
