import AmphoraGit
public import AmphoraObjects
import AmphoraStore

extension Store {
    /// Hands out the metrics of a run, in the order in which they were logged.
    ///
    /// - Parameters:
    ///   - id: The run.
    ///   - body: Gets each line: metrics, `_step` and `_time`.
    /// - Throws: ``NotInStore``, or what `body` throws.
    public func history(of id: RunID, _ body: (JSONValue) throws -> Void) throws {
        for segment in try runFiles(id, below: "history") {
            for line in try lines(of: segment) { try body(line) }
        }
    }

    /// The images and captions of a run: paths below `media/`.
    public func media(of id: RunID) throws -> [String] {
        try runFiles(id, below: "media").map { String(decoding: $0.path.bytes.dropFirst(6), as: UTF8.self) }
    }

    /// Reads one file of a run's media.
    ///
    /// - Parameters:
    ///   - path: As ``media(of:)`` lists it.
    ///   - id: The run.
    /// - Returns: Its content.
    /// - Throws: ``NotInStore``, or an error if the run has no such file.
    public func readMedia(_ path: String, of id: RunID) throws -> [UInt8] {
        let wanted = try ArtifactPath("media/\(path)")
        guard let file = try runFiles(id, below: wanted.description).first(where: { $0.path == wanted })
        else {
            let paths = try media(of: id)
            throw NotInStore(
                what: "image '\(path)' in the run '\(id)'",
                hint: Similarity.hint(for: path, among: paths, none: "It has none."))
        }
        return try read(file)
    }

    /// The step of the last metrics of a run, or `nil` if it has none.
    func lastStep(of id: RunID) throws -> Int? {
        guard let segment = try runFiles(id, below: "history").last else { return nil }
        let line = try read(segment).split(separator: UInt8(ascii: "\n")).last
        return line.flatMap { try? JSONValue(parsing: $0) }?["_step"]?.int
    }

    func runFiles(_ id: RunID, below folder: String) throws -> [TreeFile] {
        try pool.with { repository in
            guard let target = try ReferenceStore(repository).target(of: .run(id)) else {
                throw try runNotFound(id.rawValue)
            }
            let treeID = try repository.commit(CommitID(target)).treeID
            return try FileTree(repository).files(in: treeID, below: [ArtifactPath(folder)])
        }
    }

    private func read(_ file: TreeFile) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try pool.with { try FileTree($0).read(file) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    private func lines(of file: TreeFile) throws -> [JSONValue] {
        try read(file).split(separator: UInt8(ascii: "\n")).map { try JSONValue(parsing: $0) }
    }
}
