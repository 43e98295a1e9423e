import AmphoraGit
package import AmphoraObjects
import AmphoraStore

/// Two saves of a run that were made apart, from one that led to both.
package struct RunFork {
    private let store: Store
    private let id: RunID
    private let ours: CommitID
    private let theirs: CommitID
    private let base: CommitID?

    /// - Parameters:
    ///   - id: The run.
    ///   - ours: The newest save here.
    ///   - theirs: The newest save elsewhere.
    ///   - store: Where both are.
    /// - Throws: If the saves that led to them cannot be read.
    package init(_ id: RunID, _ ours: CommitID, _ theirs: CommitID, in store: Store) throws {
        self.store = store
        self.id = id
        self.ours = ours
        self.theirs = theirs
        base = try store.pool.with { repository in
            var led: Set<CommitID> = []
            _ = try Self.first(before: ours, in: repository) { id in
                led.insert(id)
                return false
            }
            return try Self.first(before: theirs, in: repository, led.contains)
        }
    }

    /// What must be here before they can be made one: long records and captions may not be.
    package func needs() throws -> [ContentNeed] {
        try store.pool.with { repository in
            try [ours, theirs, base].compactMap(\.self).map { save in
                let treeID = try repository.commit(save).treeID
                let paths = try FileTree(repository).files(in: treeID).map(\.path)
                    .filter { $0.bytes == RunDocument.recordName || $0.bytes.isCaptions }
                return ContentNeed(id, save, treeID, paths: paths, .content)
            }
        }
    }

    /// Makes one save of both, for the caller to point the run at.
    ///
    /// - Returns: A commit with both as parents.
    /// - Throws: If either cannot be read.
    package func merged() throws -> CommitID {
        let writer = try store.makeWriter()
        return try store.pool.with { repository in
            var document = try RunDocument(theirs, in: repository)
            try document.merge(
                RunDocument(ours, in: repository),
                since: base.map { try RunDocument($0, in: repository).record }, in: repository,
                writing: writer)
            let treeID = try document.write(in: repository, writing: writer)
            let commitID = try writer.write(
                Commit(
                    treeID: treeID, parentIDs: [ours, theirs], signature: store.signature(in: repository),
                    message: Store.subject(of: document.record)))
            try writer.finish()
            return commitID
        }
    }

    /// The nearest save that fits among a save and those that led to it.
    private static func first(
        before save: CommitID, in repository: Repository, _ fits: (CommitID) -> Bool
    ) throws -> CommitID? {
        var waiting = [save]
        var seen: Set<CommitID> = [save]
        var next = 0
        while next < waiting.count {
            if fits(waiting[next]) { return waiting[next] }
            waiting += try repository.commit(waiting[next]).parentIDs.filter { seen.insert($0).inserted }
            next += 1
        }
        return nil
    }
}
