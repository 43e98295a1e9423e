import AmphoraGit
import AmphoraObjects
import AmphoraStore

extension Store {
    /// Saves a new run.
    ///
    /// - Throws: ``RunExists`` if there is a run with this ID.
    func createRun(_ id: RunID, _ record: RunRecord) throws {
        try saveRun(id) { document, _, _ in
            guard document == nil else { throw RunExists(id: id) }
            document = RunDocument(record)
            return true
        }
    }

    /// Reads a run, changes it and saves it, again and again until nobody else got there first.
    ///
    /// - Parameters:
    ///   - id: The run.
    ///   - change: Changes what was read and returns whether anything is to be saved. Runs once a try.
    /// - Throws: ``NotInStore`` if there is no such run; what `change` throws.
    func updateRun(
        _ id: RunID, _ change: (inout RunDocument, Repository, PackingObjectWriter) throws -> Bool
    ) throws {
        try saveRun(id) { document, repository, writer in
            guard var current = document else { throw try runNotFound(id.rawValue) }
            defer { document = current }
            return try change(&current, repository, writer)
        }
    }

    private func saveRun(
        _ id: RunID, _ change: (inout RunDocument?, Repository, PackingObjectWriter) throws -> Bool
    ) throws {
        try whileWriting {
            let writer = try makeWriter()
            try pool.with { repository in
                try ReferenceStore(repository).update(.run(id), reason: "amphora: run") { current in
                    let parentID = current.map { CommitID($0) }
                    var document = try parentID.map { try RunDocument($0, in: repository) }
                    guard try change(&document, repository, writer), var changed = document else {
                        return nil
                    }
                    let treeID = try changed.write(in: repository, writing: writer)
                    let commitID = try writer.write(
                        Commit(
                            treeID: treeID, parentIDs: parentID.map { [$0] } ?? [],
                            signature: signature(in: repository), message: Self.subject(of: changed.record)))
                    try writer.finish()
                    return commitID.objectID
                }
            }
        }
    }

    static func subject(of record: RunRecord) -> String {
        let words = "\(record.jobType): \(record.name) (\(record.state.rawValue))".escapingControlCharacters()
        return "\(words)\n"
    }
}

/// An ID was drawn that a run has already.
struct RunExists: UserFacingError {
    let id: RunID
    var code: ErrorCode { .alreadyExists }
    var message: String { "there is a run '\(id)' already" }
    var hint: String? { "IDs are drawn by chance: run the command again." }
}
