import AmphoraGit
import AmphoraObjects
import Synchronization
import TestSupport

@testable import Amphora
@testable import AmphoraSync

/// A remote whose objects the real git copies; it remembers what it was asked for, and can misbehave.
final class FakeRemote: Sendable {
    enum Behaviour: Sendable {
        case good
        /// Says that it sent all, and sends nothing.
        case lying
        /// Has nothing.
        case empty
        /// Has all but these blobs, and says which it lacks.
        case lacking(Set<String>)
        /// The connection breaks after so many requests.
        case breaking(after: Int)
    }

    /// A question, with the IDs that were in it.
    enum Request: Equatable {
        case trees([String])
        case content(trees: [String], blobs: [String])
    }

    struct Log {
        var requests: [Request] = []
        var objectCounts: [Int] = []
    }

    let name: String
    let light: LightClone
    private let behaviour: Mutex<Behaviour>
    private let log = Mutex(Log())

    init(_ light: LightClone, named name: String = "origin", _ behaviour: Behaviour = .good) {
        self.name = name
        self.light = light
        self.behaviour = Mutex(behaviour)
    }

    var origin: RemoteContent.Origin { RemoteContent.Origin(name: name) { _ in FakeTransport(self) } }

    func behave(_ new: Behaviour) { behaviour.withLock { $0 = new } }

    /// What happened since this was asked last.
    func takeLog() -> Log {
        log.withLock { log in
            defer { log = Log() }
            return log
        }
    }

    fileprivate func answer(_ request: ObjectRequest, _ progress: Progress.Handler?) throws -> TransferSize {
        let (question, ids, filter): (Request, [ObjectID], String?) =
            switch request {
            case .trees(let ids): (.trees(ids.map(\.description)), ids, "blob:none")
            case .content(let trees, let blobs):
                (
                    .content(trees: trees.map(\.description), blobs: blobs.map(\.description)), trees + blobs,
                    nil
                )
            case .commits, .runs: preconditionFailure("not content")
            }
        let count = log.withLock { log in
            log.requests.append(question)
            return log.requests.count
        }
        switch behaviour.withLock({ $0 }) {
        case .lying: return TransferSize()
        case .empty: throw NotOnRemote(ids: ids)
        case .breaking(let limit) where count > limit: throw Broken()
        case .lacking(let lacking):
            let missing = try ids.filter { id in
                let below = try git("rev-list", "--objects", "--no-object-names", "\(id)", in: light.origin)
                return filter == nil && lacking.contains { below.contains($0) }
            }
            guard missing.isEmpty else { throw NotOnRemote(ids: try lacking.map { try ObjectID(hex: $0) }) }
        case .good, .breaking: break
        }
        let objectCount = try light.bring(ids.map(\.description), filter: filter)
        log.withLock { $0.objectCounts.append(objectCount) }
        progress?(
            Progress(
                activity: "receiving", fileCount: 1, totalFileCount: 2, byteCount: 500 * objectCount,
                totalByteCount: 0))
        return TransferSize(objectCount: objectCount, byteCount: 1000 * objectCount)
    }
}

struct Broken: UserFacingError {
    var code: ErrorCode { .unavailable }
    var message: String { "the connection broke" }
}

private final class FakeTransport: Transport {
    private let remote: FakeRemote

    init(_ remote: FakeRemote) { self.remote = remote }

    func references() throws -> RemoteReferences { RemoteReferences(targets: [:]) }

    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize {
        try remote.answer(request, progress)
    }

    func checkContent(of changes: [RefChange]) throws {}

    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) { ([:], TransferSize()) }
}
