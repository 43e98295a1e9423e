import Amphora
import AmphoraObjects
import AmphoraStore
import SystemPackage

extension GitTransport {
    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize {
        var size = TransferSize()
        for wants in Wants(request).batches {
            size += try fetch(wants, after: size, progress)
        }
        return size
    }

    private func fetch(
        _ wants: Wants, after before: TransferSize, _ progress: Progress.Handler?
    ) throws -> TransferSize {
        let report = { (line: GitProgress) in
            guard line.title == "Receiving objects" else { return }
            progress?(
                Progress(
                    activity: "receiving", fileCount: before.objectCount + line.done,
                    totalFileCount: before.objectCount + line.total,
                    byteCount: before.byteCount + (line.byteCount ?? 0), totalByteCount: 0))
        }
        var fetched = try fetch(wants.ids, wants, report)
        if fetched == nil {
            // A server that gives only what its refs point at.
            fetched = try fetch(tips(holding: wants), wants, report)
        }
        guard let fetched else { throw NotOnRemote(ids: wants.ids) }
        return try Quarantine(fetched).admit(wants, into: store)
    }

    /// Lets git fetch into a repository of its own.
    ///
    /// - Returns: `nil` if the server does not give what no ref points at.
    private func fetch(
        _ ids: [ObjectID], _ wants: Wants, _ report: (GitProgress) -> Void
    ) throws -> TransferRepository? {
        let repository = try TransferRepository(
            in: store, settings, lending: wants.known.isEmpty ? .nothing : .objects(known: wants.known))
        let input = repository.path.appending("wants")
        try input.write(ids.map { "\($0)\n" }.joined())
        // What is asked for is missing, whatever else is here: without haves, the server leaves out nothing.
        let negotiation = wants.known.isEmpty ? "noop" : "consecutive"
        let filter = wants.filter.map { ["--filter=\($0)"] } ?? []
        let result = try run(
            [
                "-c", "fetch.negotiationAlgorithm=\(negotiation)", "fetch", "--stdin", "--progress",
                "--no-tags",
            ]
                + ["--no-write-fetch-head", "--no-recurse-submodules"] + filter + [TransferSettings.remote],
            in: repository, input: input, onProgress: report)
        if result.status == 0 { return repository }
        if result.messages.contains(where: Self.asksForRefs) { return nil }
        let missing = result.messages.flatMap(Self.missingObjects)
        throw missing.isEmpty ? failure(result) : NotOnRemote(ids: Array(Set(missing)).sorted())
    }

    /// Whether a server gives only what its refs point at: in the words of git, and of JGit.
    private static func asksForRefs(_ message: String) -> Bool {
        message.contains("Server does not allow request for unadvertised object")
            || (message.contains("want ") && message.hasSuffix(" not valid"))
    }

    /// Objects that a server says it lacks: they are not there, or it was cloned light itself.
    private static func missingObjects(_ message: String) -> [ObjectID] {
        let isMissing =
            message.contains("upload-pack: not our ref ")
            || message.contains("could not fetch ") && message.contains(" from promisor remote")
            || message.hasPrefix("remote: ")
                && ["missing blob", "missing tree", "unable to read", "Could not read"].contains {
                    message.contains($0)
                }
        return isMissing ? message.split { !$0.isHexDigit }.compactMap { try? ObjectID(hex: String($0)) } : []
    }
}
