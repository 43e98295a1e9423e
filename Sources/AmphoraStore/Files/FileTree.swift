package import AmphoraGit
package import AmphoraObjects
import AmphoraPack

/// A file of a version, as the version's tree holds it.
package struct TreeFile: Sendable {
    package enum Content: Hashable, Sendable {
        case blob(BlobID)
        case chunked(TreeID, ChunkedFile)
    }

    package let path: ArtifactPath
    package let isExecutable: Bool
    package let content: Content

    /// What the folder's tree says of the file; the length of a blob is looked up.
    package func stored(in repository: Repository) throws -> StoredFile {
        StoredFile(mode: mode, id: id, byteCount: try byteCount(in: repository))
    }

    /// The ID of the blob, or of the chunked file's tree: equal for equal content and executable bit of
    /// chunked files, for equal content of others.
    package var id: ObjectID {
        switch content {
        case .blob(let id): id.objectID
        case .chunked(let id, _): id.objectID
        }
    }

    /// The mode of the entry in the folder's tree.
    package var mode: EntryMode {
        switch content {
        case .blob: isExecutable ? .executable : .file
        case .chunked: .directory
        }
    }

    /// Length of the file in bytes.
    ///
    /// - Parameters:
    ///   - repository: Where it is.
    ///   - mayBeMissing: Whether its content need not be here.
    /// - Returns: `nil` for a small file that is not here.
    /// - Throws: ``MissingObject`` unless that may be, ``DamagedObject``.
    package func byteCount(in repository: Repository, mayBeMissing: Bool) throws -> Int? {
        if mayBeMissing, case .blob(let id) = content,
            !repository.contains(id.objectID, mayBeStale: true)
        {
            return nil
        }
        return try byteCount(in: repository)
    }

    /// Whether all of its content is here; its trees must be.
    package func isHere(in repository: Repository) throws -> Bool {
        try blobIDs(in: repository).allSatisfy { repository.contains($0.objectID, mayBeStale: true) }
    }

    /// The blobs that hold the content, in file order.
    package func blobIDs(in repository: Repository) throws -> [BlobID] {
        switch content {
        case .blob(let id): [id]
        case .chunked(let treeID, _): try FileTree(repository).chunkIDs(of: treeID)
        }
    }

    /// Length of the file in bytes.
    package func byteCount(in repository: Repository) throws -> Int {
        switch content {
        case .blob(let id): try repository.byteCount(of: id.objectID)
        case .chunked(_, let marker): marker.byteCount
        }
    }
}

/// The files below a tree.
package struct FileTree {
    private let repository: Repository

    package init(_ repository: Repository) { self.repository = repository }

    /// Lists the files, in the order of git's trees.
    ///
    /// Names are checked again: a tree may come from somebody else's git.
    ///
    /// - Parameters:
    ///   - rootID: The tree of a version.
    ///   - prefixes: Files and folders to list; empty for all.
    /// - Returns: The files, each with its path from the root.
    /// - Throws: ``InvalidEntryName``, ``UnsupportedFile``, ``MissingObject`` or ``DamagedObject``.
    package func files(in rootID: TreeID, below prefixes: [ArtifactPath] = []) throws -> [TreeFile] {
        var files: [TreeFile] = []
        try visit(try repository.tree(rootID), at: [], prefixes) { files.append($0) }
        return files
    }

    /// The files that one entry of a tree stands for: itself, or those below it.
    func files(of entry: TreeEntry) throws -> [TreeFile] {
        var files: [TreeFile] = []
        try visit(Tree([entry]), at: [], []) { files.append($0) }
        return files
    }

    private func visit(
        _ tree: Tree, at folder: [UInt8], _ prefixes: [ArtifactPath], _ body: (TreeFile) throws -> Void
    ) throws {
        for (path, entry) in try Self.level(tree, at: folder) {
            let isWanted = prefixes.isEmpty || prefixes.contains { path.isAtOrBelow($0) }
            guard isWanted || prefixes.contains(where: { $0.isAtOrBelow(path) }) else { continue }
            switch try node(path, entry) {
            case .file(let file): if isWanted { try body(file) }
            case .folder(_, let below): try visit(below, at: path.bytes + [UInt8(ascii: "/")], prefixes, body)
            }
        }
    }

    /// What an entry of a tree stands for.
    package enum Node {
        case file(TreeFile)
        case folder(TreeID, Tree)
    }

    /// The entries of one tree, their names checked.
    package static func level(
        _ tree: Tree, at folder: [UInt8] = []
    ) throws -> [(path: ArtifactPath, entry: TreeEntry)] {
        guard Set(tree.entries.map(\.name)).count == tree.entries.count else {
            throw MalformedObject(kind: "tree", reason: "'\(displayPath(folder))' has a name twice")
        }
        return try tree.entries.map { entry in
            let bytes = folder + entry.name
            try EntryName.check(entry.name[...], in: bytes)
            return (ArtifactPath(unchecked: bytes), entry)
        }
    }

    /// Checks the names in a tree, be it a folder's, a chunked file's or a run's.
    ///
    /// - Parameter bytes: The tree, as git stores it.
    /// - Throws: ``InvalidEntryName``, ``MalformedObject``.
    package static func checkNames(_ bytes: [UInt8]) throws {
        let tree = try Tree(decoding: bytes)
        // The marker's name is reserved for what it marks.
        let isMarker = { (entry: TreeEntry) in entry.mode == .file && entry.name == EntryName.reserved }
        _ = try level(Tree(tree.entries.filter { !isMarker($0) }))
        guard tree.entries.count(where: isMarker) <= 1 else {
            throw MalformedObject(kind: "tree", reason: "it has a name twice")
        }
    }

    /// Reads what an entry stands for.
    package func node(_ path: ArtifactPath, _ entry: TreeEntry) throws -> Node {
        switch entry.mode {
        case .file, .executable:
            return .file(
                TreeFile(
                    path: path, isExecutable: entry.mode == .executable, content: .blob(BlobID(entry.id))))
        case .directory:
            let treeID = TreeID(entry.id)
            let below = try repository.tree(treeID)
            guard let marker = try marker(of: below) else { return .folder(treeID, below) }
            return .file(
                TreeFile(
                    path: path, isExecutable: marker.isExecutable, content: .chunked(treeID, marker)))
        case .link: throw UnsupportedFile(what: "kind", value: "symbolic link")
        case .submodule: throw UnsupportedFile(what: "kind", value: "submodule")
        }
    }

    /// The marker, if the tree is a chunked file and not a folder.
    package func marker(of tree: Tree) throws -> ChunkedFile? {
        guard let entry = tree[EntryName.reserved] else { return nil }
        do {
            return try ChunkedFile(decoding: repository.read(entry.id, as: .blob))
        } catch {
            throw error is MalformedObject ? DamagedObject(id: entry.id, cause: error) : error
        }
    }

    /// Hands out the content of a file piece by piece, every piece verified against its ID.
    ///
    /// - Throws: ``DamagedFile`` if the pieces of a chunked file do not make up the file.
    package func read(_ file: TreeFile, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch file.content {
        case .blob(let id): try repository.withObject(id.objectID, as: .blob, body)
        case .chunked(let treeID, let marker):
            var hasher = FileHasher()
            var byteCount = 0
            for chunkID in try chunkIDs(of: treeID) {
                try repository.withObject(chunkID.objectID, as: .blob) { bytes in
                    hasher.update(bytes)
                    byteCount += bytes.count
                    try body(bytes)
                }
            }
            guard byteCount == marker.byteCount, hasher.finalize() == marker.sha256 else {
                throw DamagedFile(treeID: treeID)
            }
        }
    }

    /// Hands out part of a file piece by piece, every piece verified against its ID.
    ///
    /// Whether the pieces make up the file only shows where all of it is read.
    package func read(
        _ file: TreeFile, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var start = 0
        for id in try file.blobIDs(in: repository) where start < range.upperBound {
            let piece = start..<start + (try repository.byteCount(of: id.objectID))
            start = piece.upperBound
            let part = range.clamped(to: piece)
            guard !part.isEmpty else { continue }
            try repository.withObject(id.objectID, as: .blob) { bytes in
                try body(
                    UnsafeRawBufferPointer(
                        rebasing: bytes[
                            part.lowerBound - piece.lowerBound..<part.upperBound - piece.lowerBound]))
            }
        }
    }

    /// The chunks of a chunked file, in file order.
    package func chunkIDs(of treeID: TreeID) throws -> [BlobID] {
        try repository.tree(treeID).entries.filter { $0.mode == .directory }.flatMap { group in
            try repository.tree(TreeID(group.id)).entries.map { BlobID($0.id) }
        }
    }
}

/// A chunked file whose chunks are intact, but are not the file that its marker describes.
package struct DamagedFile: ContentProblem {
    let treeID: TreeID

    package init(treeID: TreeID) { self.treeID = treeID }

    package var code: ErrorCode { .corrupt }
    package var message: String { "the chunks in tree \(treeID) are not the file that its marker describes" }
}
