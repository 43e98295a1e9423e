import Amphora
import AmphoraGit
import AmphoraObjects

/// Brings what is missing of some content from one remote.
struct ContentFetch {
    private let needs: [ContentNeed]
    private let transport: any Transport
    private let store: Store
    private var progress: ContentProgress
    /// What has come so far.
    private(set) var size = TransferSize()

    init(
        _ needs: [ContentNeed], from transport: any Transport, into store: Store,
        _ progress: Progress.Handler?
    ) {
        self.needs = needs
        self.transport = transport
        self.store = store
        self.progress = ContentProgress(progress)
    }

    /// Brings trees until it is known what else is missing, then that, a batch at a time.
    ///
    /// Each answer is looked at, whatever the remote says of it: no question is asked twice.
    ///
    /// - Throws: ``NotSent``, and what the transport throws.
    mutating func run() throws {
        var survey = try look()
        var asked: Set<TreeID> = []
        while !survey.missingTrees.isEmpty {
            let trees = survey.missingTrees
            guard asked.isDisjoint(with: trees) else { throw NotSent() }
            asked.formUnion(trees)
            try fetch(.trees(trees.map(\.objectID)), about: 0)
            survey = try look()
        }
        guard !survey.isComplete else { return }
        progress.expect(survey.byteCount)
        var lacking: Set<ObjectID> = []
        for _ in 0..<Self.mostTries {
            do {
                try fetchBatches(of: survey, without: lacking)
                guard lacking.isEmpty else { throw NotOnRemote(ids: lacking.sorted()) }
                return
            } catch {
                // Another remote may have the rest.
                guard let ids = (error as? NotOnRemote)?.ids, !lacking.isSuperset(of: ids) else {
                    throw error
                }
                lacking.formUnion(ids)
            }
        }
        throw NotOnRemote(ids: lacking.sorted())
    }

    private static let firstByteCount = 32 << 20
    /// A remote may tell only the first object that it lacks.
    private static let mostTries = 8

    private mutating func fetchBatches(of survey: ContentSurvey, without lacking: Set<ObjectID>) throws {
        var missing = try store.pool.with { try survey.batches(of: needs, without: lacking, in: $0) }
        // An interruption loses no more than half of what has come; few transfers, all the same.
        var limit = Self.firstByteCount
        while let batch = try store.pool.with({ try missing.next(in: $0, limit: limit) }) {
            limit = max(limit, min(size.byteCount / 2, MissingContent.batchByteCount))
            try fetch(
                .content(trees: batch.trees.map(\.objectID), blobs: batch.blobs), about: batch.byteCount)
            guard try store.pool.with({ try batch.isHere(in: $0) }) else { throw NotSent() }
        }
    }

    private func look() throws -> ContentSurvey {
        try store.pool.with { try ContentSurvey(needs, in: $0) }
    }

    private mutating func fetch(_ request: ObjectRequest, about byteCount: Int) throws {
        let part = try transport.fetch(request, progress: progress.handler(ofPart: byteCount))
        store.pool.refresh()
        size += part
        progress.finish(part: byteCount, received: part.byteCount)
    }
}

/// A remote that said that it had sent all.
struct NotSent: UserFacingError {
    var code: ErrorCode { .unavailable }
    var message: String { "the remote did not send all that was asked for" }
}
