package import AmphoraGit
public import AmphoraObjects
import AmphoraStore

extension Store {
    /// Hands out the metrics of a run, in the order in which they were logged.
    ///
    /// - Parameters:
    ///   - id: The run.
    ///   - body: Gets each line: metrics, `_step` and `_time`.
    /// - Throws: ``NotInStore``, ``ContentAbsent``, or what `body` throws.
    public func history(of id: RunID, _ body: (JSONValue) throws -> Void) throws {
        try historyLines(of: id) { try body(JSONValue(parsing: $0)) }
    }

    /// Hands out the metrics of a run as they are kept, for who needs few of very many.
    ///
    /// - Parameters:
    ///   - id: The run.
    ///   - body: Gets the JSON of each line.
    /// - Throws: ``NotInStore``, ``ContentAbsent``, or what `body` throws.
    public func historyLines(of id: RunID, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        for segment in try runFiles(id, below: "history", needing: .content) {
            for line in try read(segment).split(separator: UInt8(ascii: "\n")) { try body(line) }
        }
    }

    /// The images and captions of a run: paths below `media/`.
    public func media(of id: RunID) throws -> [String] {
        try runFiles(id, below: "media", needing: .listing).map {
            String(decoding: $0.path.bytes.dropFirst(6), as: UTF8.self)
        }
    }

    /// Reads one file of a run's media.
    ///
    /// - Parameters:
    ///   - path: As ``media(of:)`` lists it.
    ///   - id: The run.
    /// - Returns: Its content.
    /// - Throws: ``NotInStore``, ``ContentAbsent``, or an error if the run has no such file.
    public func readMedia(_ path: String, of id: RunID) throws -> [UInt8] {
        var content: [UInt8] = []
        try media(path, of: id).read { content.append(contentsOf: $0) }
        return content
    }

    /// Finds one file of a run's media.
    ///
    /// - Parameters:
    ///   - path: As ``media(of:)`` lists it.
    ///   - id: The run.
    /// - Returns: The file as it is now.
    /// - Throws: ``NotInStore``, ``ContentAbsent``, or an error if the run has no such file.
    public func media(_ path: String, of id: RunID) throws -> RunFile {
        let wanted = try ArtifactPath("media/\(path)")
        let files = try runFiles(id, below: wanted.description, needing: .content)
        guard let file = files.first(where: { $0.path == wanted }) else {
            let paths = try media(of: id)
            throw NotInStore(
                what: "image '\(path)' in the run '\(id)'",
                hint: Similarity.hint(for: path, among: paths, none: "It has none."))
        }
        return try pool.with { RunFile(file: file, byteCount: try file.byteCount(in: $0), store: self) }
    }

    /// The step of the last metrics of a run, or `nil` if it has none.
    func lastStep(of id: RunID) throws -> Int? {
        guard let last = try runFiles(id, below: "history", needing: .listing).last,
            let segment = try runFiles(id, below: last.path.description, needing: .content).first
        else { return nil }
        let line = try read(segment).split(separator: UInt8(ascii: "\n")).last
        return line.flatMap { try? JSONValue(parsing: $0) }?["_step"]?.int
    }

    /// Lists files of a run when as much of them is here as `extent` says; `nil`: as it is.
    func runFiles(
        _ id: RunID, below path: String, needing extent: ContentNeed.Extent?
    ) throws -> [TreeFile] {
        guard let need = try contentNeed(of: id, paths: [ArtifactPath(path)], extent ?? .listing) else {
            throw try runNotFound(id.rawValue)
        }
        if extent != nil { try require([need]) }
        return try pool.with { try FileTree($0).files(in: need.treeID, below: need.paths) }
    }

    /// Files of the newest save of a run; `nil` if there is no such run.
    func contentNeed(
        of id: RunID, paths: [ArtifactPath], _ extent: ContentNeed.Extent
    ) throws -> ContentNeed? {
        try pool.with { repository in
            guard let target = try ReferenceStore(repository).target(of: .run(id)) else { return nil }
            let treeID = try repository.commit(CommitID(target)).treeID
            return ContentNeed(id, CommitID(target), treeID, paths: paths, extent)
        }
    }

    /// The record of a save of a run, which may not be here itself; `nil` if the save is none.
    package func recordID(ofRun save: CommitID, in repository: Repository) -> ObjectID? {
        let tree = try? repository.tree(repository.commit(save).treeID)
        return tree?[RunDocument.recordName]?.id
    }

    private func read(_ file: TreeFile) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try pool.with { try FileTree($0).read(file) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    func lines(of file: TreeFile) throws -> [JSONValue] {
        try read(file).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
    }
}
