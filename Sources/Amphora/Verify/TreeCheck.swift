import AmphoraGit
import AmphoraObjects
import AmphoraStore

/// Finds what is wrong with the files of versions; each tree is looked at once, however many share it.
struct TreeCheck {
    /// What is below a tree.
    struct Content {
        var fileCount = 0
        /// By paths from the tree.
        var problems: [(path: [UInt8], cause: any Error)] = []
    }

    /// The objects that there are; `nil` if they were not listed.
    let inventory: ObjectInventory?
    /// What is known to be damaged: blobs, and trees of chunked files.
    let damaged: [ObjectID: any Error]
    /// Each file once, with any one of its paths.
    private(set) var files: [ObjectID: TreeFile] = [:]
    private var known: [TreeID: Content] = [:]

    init(_ inventory: ObjectInventory?, damaged: [ObjectID: any Error]) {
        self.inventory = inventory
        self.damaged = damaged
    }

    /// Looks at all that is below a tree.
    ///
    /// - Throws: If the tree itself, or a folder below it, cannot be read: nobody knows its files.
    mutating func content(of treeID: TreeID, in repository: Repository) throws -> Content {
        if let content = known[treeID] { return content }
        return try content(of: treeID, repository.tree(treeID), in: repository)
    }

    private mutating func content(
        of treeID: TreeID, _ tree: Tree, in repository: Repository
    ) throws -> Content {
        var content = Content()
        let fileTree = FileTree(repository)
        for (path, entry) in try fileTree.level(tree) {
            if entry.mode == .directory, let below = known[TreeID(entry.id)] {
                Self.add(below, at: path, to: &content)
                continue
            }
            switch try fileTree.node(path, entry) {
            case .file(let file):
                content.fileCount += 1
                files[file.id] = file
                if let cause = problem(with: file, in: repository) {
                    content.problems.append((path.bytes, cause))
                }
            case .folder(let belowID, let below):
                Self.add(try self.content(of: belowID, below, in: repository), at: path, to: &content)
            }
        }
        known[treeID] = content
        return content
    }

    private static func add(_ below: Content, at path: ArtifactPath, to content: inout Content) {
        content.fileCount += below.fileCount
        content.problems += below.problems.map { (path.bytes + [UInt8(ascii: "/")] + $0.path, $0.cause) }
    }

    private func problem(with file: TreeFile, in repository: Repository) -> (any Error)? {
        switch file.content {
        case .blob(let id): return problem(with: id.objectID, in: repository)
        case .chunked(let treeID, _):
            do {
                for id in try FileTree(repository).chunkIDs(of: treeID) {
                    if let cause = problem(with: id.objectID, in: repository) { return cause }
                }
                return damaged[treeID.objectID]
            } catch {
                return error
            }
        }
    }

    private func problem(with id: ObjectID, in repository: Repository) -> (any Error)? {
        if let cause = damaged[id] { return cause }
        return inventory?.position(of: id) != nil || repository.contains(id) ? nil : MissingObject(id: id)
    }
}
