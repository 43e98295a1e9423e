import AmphoraGit
package import AmphoraObjects
import AmphoraStore

extension RunDocument {
    /// Takes over what another save of the same run has: links, metrics and media, and its record if that is newer.
    mutating func merge(
        _ other: RunDocument, in repository: Repository, writing writer: some ObjectWriter
    ) throws {
        for link in other.links.values.sorted(by: { $0.commitID < $1.commitID }) {
            _ = try self.link(link.commitID, called: link.artifact, as: link.role, writing: writer)
        }
        if other.record.sequence > record.sequence { record = other.record }
        let theirs = Dictionary(
            uniqueKeysWithValues: try other.files(in: repository).map { ($0.path.bytes, $0) })
        let ours = Dictionary(uniqueKeysWithValues: try files(in: repository).map { ($0.path.bytes, $0) })
        let ids = Set(ours.values.map(\.id))
        for (path, file) in theirs.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if path.starts(with: "history/".utf8) {
                if !ids.contains(file.id) { append(segment: Self.stored(file)) }
            } else if path.starts(with: "media/".utf8) {
                try mergeMedia(path, theirs, ids, in: repository, writing: writer)
            } else if ours[path] == nil, !path.allSatisfy(Self.isOfNote) {
                put(Self.stored(file), at: path)
            }
        }
    }

    /// Adds the images that a file of captions is about, unless they are here.
    private mutating func mergeMedia(
        _ path: [UInt8], _ files: [[UInt8]: TreeFile], _ ids: Set<ObjectID>, in repository: Repository,
        writing writer: some ObjectWriter
    ) throws {
        let suffix = Array(".json".utf8)
        guard path.suffix(suffix.count).elementsEqual(suffix), case .blob(let id) = files[path]?.content
        else {
            return
        }
        let stem = String(decoding: path.dropLast(suffix.count), as: UTF8.self)
        let captions = try Self.json(id, in: repository)["captions"]?.array ?? []
        let images = captions.enumerated().compactMap { number, caption in
            files[Array("\(stem)-\(number).png".utf8)].map {
                (file: Self.stored($0), caption: caption.string ?? "")
            }
        }
        let fresh = images.filter { !ids.contains($0.file.id) }
        if !fresh.isEmpty {
            try append(MediaEntry(path: stem, images: fresh), in: repository, writing: writer)
        }
    }

    /// A note's path is its object's ID, in parts or not.
    private static func isOfNote(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte) || byte == UInt8(ascii: "/")
    }

    private static func stored(_ file: TreeFile) -> StoredFile {
        // Of a run's files nobody asks how long they are together.
        StoredFile(mode: file.mode, id: file.id, byteCount: 0)
    }
}

extension Store {
    /// Makes one save of two that were made apart, for the caller to point the run at.
    ///
    /// - Parameters:
    ///   - ours: The newest save here.
    ///   - theirs: The newest save elsewhere.
    /// - Returns: A commit with both as parents.
    /// - Throws: If either cannot be read.
    package func mergedRun(_ ours: CommitID, _ theirs: CommitID) throws -> CommitID {
        let writer = try makeWriter()
        return try pool.with { repository in
            var document = try RunDocument(theirs, in: repository)
            try document.merge(RunDocument(ours, in: repository), in: repository, writing: writer)
            let treeID = try document.write(in: repository, writing: writer)
            let commitID = try writer.write(
                Commit(
                    treeID: treeID, parentIDs: [ours, theirs], signature: signature(in: repository),
                    message: Self.subject(of: document.record)))
            try writer.finish()
            return commitID
        }
    }
}
