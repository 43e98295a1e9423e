import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

/// Reaches a repository on this machine, in process.
final class FolderTransport: Transport {
    private let store: Store
    private let other: FolderRepository

    /// - Parameters:
    ///   - path: See ``FolderRepository``.
    ///   - store: This side.
    /// - Throws: ``FolderProblem``, `StoreError`.
    init(to path: String, for store: Store) throws {
        self.store = store
        other = try FolderRepository(at: path, for: store)
    }

    func references() throws -> RemoteReferences {
        do {
            return try readReferences()
        } catch {
            guard (error as? GitError)?.code == .corrupt else { throw error }
            throw FolderProblem(path: other.path, kind: .damaged(error))
        }
    }

    private func readReferences() throws -> RemoteReferences {
        try other.pool.with { repository in
            let references = ReferenceStore(repository)
            var found = RemoteReferences(targets: [:], head: try references.head())
            // Listing passes over them, and they would seem to be gone.
            for name in references.unreadable() where name.isOfStore {
                found.unreadable[name] = UnusableRemoteRef(name: name)
            }
            if let problem = found.unreadable[.root] {
                throw FolderProblem(path: other.path, kind: .damaged(problem))
            }
            for (name, target) in try references.list("refs/") {
                if !name.isOfStore {
                    let isPrivate = Self.private.contains { name.rawValue.hasPrefix($0) }
                    found.hasOthers = found.hasOthers || !isPrivate
                    continue
                }
                do {
                    if try repository.kind(of: target) == .commit {
                        found.targets[name] = target
                    } else {
                        found.foreign.insert(name)
                        found.hasOthers = true
                    }
                } catch {
                    guard error is any ContentProblem else { throw error }
                    found.unreadable[name] = error
                }
            }
            return found
        }
    }

    /// What a repository knows of its own remotes.
    private static let `private` = ["refs/remotes/", "refs/amphora/"]

    func fetch(_ request: ObjectRequest, progress: Progress.Handler?) throws -> TransferSize {
        do {
            return try other.whileReading { try store.whileWriting { try receive(request, progress) } }
        } catch {
            // What is wrong with the other's objects; what is wrong with files is said already.
            guard error is any ContentProblem, (error as? any UserFacingError)?.code == .corrupt else {
                throw error
            }
            throw FolderProblem(path: other.path, kind: .damaged(error))
        }
    }

    private func receive(_ request: ObjectRequest, _ progress: Progress.Handler?) throws -> TransferSize {
        // In a light store, content too: git's gc drops what only promised trees name, unless it is promised itself.
        let isPromisor = try request.isPartial || store.pool.with(\.isPartial)
        let writer = try store.makeWriter(isPromisor: isPromisor)
        let wanted = try store.pool.with { target in
            try other.pool.with { source in
                var walk = ObjectWalk(from: source, to: target, isThere: writer.contains)
                try walk.add(request)
                let missing = try walk.findMissing()
                guard missing.isEmpty else { throw NotOnRemote(ids: missing) }
                return walk.wanted
            }
        }
        let transfer = ObjectTransfer(of: wanted, from: other.pool, to: writer, "receiving", progress)
        let size = try transfer.run()
        store.pool.refresh()
        return size
    }

    func push(
        _ changes: [RefChange], progress: Progress.Handler?
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) {
        guard !changes.isEmpty else { return ([:], TransferSize()) }
        defer { other.store?.tidyUp() }
        return try store.whileNothingIsRemoved {
            try other.whileWriting {
                if let outcomes = try refusals(of: changes) { return (outcomes, TransferSize()) }
                let size = try send(changes, progress)
                do {
                    try other.pool.with { repository in
                        let references = ReferenceStore(repository)
                        try references.apply(changes, atOnce: true, reason: "amphora: push")
                        if other.isBare, let name = changes.headCandidate {
                            try references.pointHead(at: name)
                        }
                    }
                } catch {
                    guard error is RefsChanged else { throw error }
                    return (Self.outcomes(of: changes, .stale), size)
                }
                other.allowFilters()
                return (Self.outcomes(of: changes, .done), size)
            }
        }
    }

    /// What is to be said of the refs if it is clear already that they will not move.
    private func refusals(of changes: [RefChange]) throws -> [RefName: PushOutcome]? {
        try other.pool.with { repository in
            let references = ReferenceStore(repository)
            if !other.isBare, let head = try references.head(), changes.contains(where: { $0.name == head }) {
                var outcomes = Self.outcomes(of: changes, .refused("not sent, since '\(head)' was refused"))
                outcomes[head] = .refused("it is checked out there")
                return outcomes
            }
            let isStale = try changes.contains { try references.target(of: $0.name) != $0.expected }
            return isStale ? Self.outcomes(of: changes, .stale) : nil
        }
    }

    /// All refs move or none, so that all share what becomes of one.
    private static func outcomes(of changes: [RefChange], _ outcome: PushOutcome) -> [RefName: PushOutcome] {
        Dictionary(uniqueKeysWithValues: changes.map { ($0.name, outcome) })
    }

    func checkContent(of changes: [RefChange]) throws {
        try other.whileReading {
            try other.pool.with { target in
                _ = try objects(for: changes, in: target) { target.contains($0, mayBeStale: true) }
            }
        }
    }

    /// What the targets need and the other lacks.
    private func objects(
        for changes: [RefChange], in target: Repository, isThere: @escaping (ObjectID) throws -> Bool
    ) throws -> [ObjectID: ObjectKind] {
        // What a ref there points at is there with all that whoever put it there had.
        let known = Set(try ReferenceStore(target).list("refs/").map(\.target))
        let targets = Set(changes.compactMap(\.target)).subtracting(known)
        return try store.pool.with { source in
            var walk = ObjectWalk(from: source, to: target, isThere: isThere)
            try walk.addAll(below: targets.map { ($0, try source.kind(of: $0)) }, .all)
            let missing = try walk.findMissing()
            guard missing.isEmpty else { throw ContentNotHere(ids: missing) }
            return walk.wanted
        }
    }

    /// Copies what the targets need and the other lacks.
    private func send(_ changes: [RefChange], _ progress: Progress.Handler?) throws -> TransferSize {
        let writer = try other.makeWriter()
        let wanted = try other.pool.with { try objects(for: changes, in: $0, isThere: writer.contains) }
        let transfer = ObjectTransfer(of: wanted, from: store.pool, to: writer, "sending", progress)
        let size = try transfer.run()
        other.pool.refresh()
        return size
    }
}

extension ObjectWalk {
    fileprivate mutating func add(_ request: ObjectRequest) throws {
        switch request {
        case .commits(let ids): try add(ids, as: .commit)
        case .runs(let ids, _): try addAll(below: ids.map { ($0, .commit) }, .small)
        case .trees(let ids): try addAll(below: ids.map { ($0, .tree) }, .none)
        case .content(let trees, let blobs):
            try addAll(below: trees.map { ($0, .tree) }, .all)
            try add(blobs, as: .blob)
        }
    }
}

extension ObjectRequest {
    /// Whether what the objects name may stay missing.
    fileprivate var isPartial: Bool {
        if case .content = self { false } else { true }
    }
}

extension [RefChange] {
    /// What a plain `git clone` is best to check out.
    fileprivate var headCandidate: RefName? {
        let aliases = filter { $0.target != nil && $0.name.alias != nil }.map(\.name)
        return aliases.first { $0.alias?.alias == .latest } ?? aliases.first
    }
}

/// Content that was to be sent, and that this store has not fetched itself.
struct ContentNotHere: UserFacingError {
    let ids: [ObjectID]
    var code: ErrorCode { .notFound }
    var message: String {
        let what = ids.count == 1 ? "the object \(ids[0]) is" : "\(ids.count) objects, such as \(ids[0]), are"
        return "cannot send content that is not here: \(what) neither in this store nor in the remote"
    }
    var hint: String? { "Fetch it with `amphora pull` from the remote that has it, then push again." }
}

/// A ref of the remote that points at nothing readable.
struct UnusableRemoteRef: UserFacingError {
    let name: RefName
    var code: ErrorCode { .corrupt }
    var message: String { "the ref '\(name)' is malformed, or points at an object that is not there" }
}
