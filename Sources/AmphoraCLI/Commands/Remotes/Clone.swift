import Amphora
import AmphoraSync
import ArgumentParser

struct Clone: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a store with all versions and runs of another one",
        discussion: """
            Files come when they are needed: a clone of any size takes seconds. A clone that was interrupted goes on \
            when the command is given again.

            Examples:
              amphora clone me@host:digits.git           into digits
              amphora clone /mnt/team/digits.git work    into work
              amphora clone --full https://host/digits.git
            """)

    @Argument(
        help: "Where the other store is: a folder, https://…, ssh://…, user@host:path, git://… or file://…")
    var address: String

    @Argument(help: "The project's folder (default: the last part of the address)")
    var folder: String?

    @Flag(help: "Make the folder itself the repository, instead of .amphora in it")
    var bare = false

    @Flag(help: "Bring all files, too")
    var full = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        if folder?.isEmpty == true { throw ValidationError("the project's folder has no name") }
    }

    func run() throws {
        let folder = try self.folder ?? RemoteAddress(address).suggestedFolder(isBare: bare)
        let (store, report) = try outputOptions.output.withProgress {
            try Store.clone(
                from: address, to: folder, isBare: bare,
                surroundings: GlobalOptions.surroundings(telling: outputOptions.output),
                through: .ofProcess, progress: $0)
        }
        report.fetched.tellStrangers(outputOptions.output, remote: "origin")
        var received = report.fetched.size
        let content = Result {
            guard full else { return }
            received += try bringContent(into: store)
        }
        let counts = (versions: try store.allVersions().count, runs: try store.runIDs().count)
        try outputOptions.output.write(
            [
                "store": .string(store.path), "versions": .int(Int64(counts.versions)),
                "runs": .int(Int64(counts.runs)), "received": received.json,
            ],
            text: "Cloned into \(store.path): \(Format.count(counts.versions, "version")), "
                + "\(Format.count(counts.runs, "run")), \(Format.bytes(received.byteCount)) received"
        )
        outputOptions.output.tell(report.strayTypes)
        try report.fetched.end(with: content, outputOptions.output)
    }

    private func bringContent(into store: Store) throws -> TransferSize {
        let remotes = RemoteContent(try store.remotes(through: .ofProcess))
        do {
            return try ShownContent(remotes: remotes, output: outputOptions.output)
                .fetch(store.contentNeeds(), into: store)
        } catch {
            throw CloneIncomplete(path: store.path, cause: error)
        }
    }
}

/// A clone that was to have all files, and has not.
private struct CloneIncomplete: UserFacingError {
    let path: String
    let cause: (any Error)?
    var code: ErrorCode { (cause as? any UserFacingError)?.code ?? .internal }
    var message: String { "cannot bring all files: the clone in '\(path)' stays a light one" }
    var hint: String? { "`amphora pull --all` in it goes on: what has come is kept." }
}
