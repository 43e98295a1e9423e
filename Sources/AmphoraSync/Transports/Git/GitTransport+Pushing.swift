import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

extension GitTransport {
    func checkContent(of changes: [RefChange]) throws {
        let targets = Set(changes.compactMap(\.target)).sorted()
        let there = try Set((known ?? references()).targets.values).sorted()
        try store.whileWriting {
            // What git itself goes through to make a pack of what it sends.
            let repository = try TransferRepository(in: store, settings, lending: .toSend)
            let input = repository.path.appending("objects-to-send")
            let here = try store.pool.with { store in there.filter { store.contains($0) } }
            try input.write((targets.map { "\($0)\n" } + here.map { "^\($0)\n" }).joined())
            let result = try run(
                ["rev-list", "--objects-edge-aggressive", "--quiet", "--stdin"], in: repository, input: input)
            guard result.status == 0 else { throw failure(result, isPush: true) }
        }
    }

    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) {
        guard try !changes.isEmpty || hasStages() else { return ([:], TransferSize()) }
        // Nobody removes objects while git reads them.
        return try store.whileWriting {
            let repository = try TransferRepository(in: store, settings, lending: .toSend)
            var push = GitPush(through: self, from: repository, progress)
            try push.sendStages(for: changes)
            let outcomes = try push.move(changes)
            if outcomes.values.allSatisfy({ $0 == .done }) { push.endStages() }
            return (outcomes, push.size)
        }
    }
}

/// One push, in as many calls of git as it takes.
struct GitPush {
    /// More do not fit into the arguments of a program.
    private static let mostRefs = 1000

    let transport: GitTransport
    let repository: TransferRepository
    private let progress: Progress.Handler?
    /// What is to be sent in stages.
    var planned = TransferSize()
    /// Held while there may be stages of this push.
    var stageLock: StoreLock?
    private(set) var size = TransferSize()

    init(through transport: GitTransport, from repository: TransferRepository, _ progress: Progress.Handler?)
    {
        self.transport = transport
        self.repository = repository
        self.progress = progress
    }

    /// Moves refs, all at once if the host can do that and they are not too many.
    ///
    /// - Returns: What became of each.
    mutating func move(_ changes: [RefChange]) throws -> [RefName: PushOutcome] {
        let batches = stride(from: 0, to: changes.count, by: Self.mostRefs).map { start in
            Array(changes[start..<min(start + Self.mostRefs, changes.count)])
        }
        return try Self.inOrder(batches) { batch in
            if let outcomes = try send(batch, isAtomic: true) { return outcomes }
            // One kind after another, so that no alias comes before its version.
            let kinds = batch.reduce(into: [[RefChange]]()) { kinds, change in
                if kinds.last?.last?.name.kind == change.name.kind {
                    kinds[kinds.count - 1].append(change)
                } else {
                    kinds.append([change])
                }
            }
            return try Self.inOrder(kinds) { try send($0, isAtomic: false) ?? [:] }
        }
    }

    /// Ends at the first part of which something failed.
    private static func inOrder(
        _ parts: [[RefChange]], _ body: ([RefChange]) throws -> [RefName: PushOutcome]
    ) rethrows -> [RefName: PushOutcome] {
        var outcomes: [RefName: PushOutcome] = [:]
        var failure: PushOutcome?
        for part in parts {
            if let failure {
                for change in part { outcomes[change.name] = failure }
                continue
            }
            outcomes.merge(try body(part)) { $1 }
            guard let failed = part.first(where: { outcomes[$0.name] != .done }) else { continue }
            failure =
                outcomes[failed.name] == .stale
                ? .stale : .refused("not sent, since '\(failed.name)' was refused")
        }
        return outcomes
    }

    /// Calls git.
    ///
    /// - Returns: What became of each ref; `nil` if the host cannot move all or none.
    mutating func send(_ changes: [RefChange], isAtomic: Bool) throws -> [RefName: PushOutcome]? {
        let leases = changes.map { "--force-with-lease=\($0.name):\($0.expected.map(\.description) ?? "")" }
        let refs = changes.map { "\($0.target.map(\.description) ?? ""):\($0.name)" }
        var sent = TransferSize()
        let result = try transport.run(
            ["push", "--porcelain", "--progress", "--no-verify", "--no-recurse-submodules"]
                + (isAtomic ? ["--atomic"] : []) + leases + [TransferSettings.remote] + refs, in: repository
        ) { line in
            guard line.title == "Writing objects" else { return }
            sent = TransferSize(objectCount: line.done, byteCount: line.byteCount ?? sent.byteCount)
            report(sent, line.total)
        }
        size += sent
        let answer = PorcelainReport(decoding: result.output, messages: result.messages)
        if isAtomic, result.messages.contains(where: { $0.contains("does not support --atomic") }) {
            return nil
        }
        guard changes.allSatisfy({ answer.outcomes[$0.name] != nil }) else {
            throw transport.failure(result, isPush: true)
        }
        return answer.outcomes
    }

    private func report(_ sent: TransferSize, _ objectCount: Int) {
        let bytes = size.byteCount + sent.byteCount
        progress?(
            Progress(
                activity: "sending", fileCount: size.objectCount + sent.objectCount,
                totalFileCount: max(planned.objectCount, size.objectCount + objectCount), byteCount: bytes,
                totalByteCount: planned.byteCount > 0 ? max(planned.byteCount, bytes) : 0))
    }
}

extension RefName {
    /// `refs/tags`, `refs/heads` or `refs/notes`.
    fileprivate var kind: [Substring] { rawValue.split(separator: "/").prefix(2).map(\.self) }
}
