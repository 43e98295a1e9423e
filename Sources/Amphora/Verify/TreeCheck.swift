import AmphoraGit
import AmphoraObjects
import AmphoraStore

/// Finds what is wrong with the files of versions; each tree is looked at once, however many share it.
struct TreeCheck {
    /// What is below a tree.
    struct Content {
        /// Files that are here, sound or not.
        var fileCount = 0
        /// By paths from the tree.
        var problems: [(path: [UInt8], cause: any Error)] = []
        /// Whether nothing has to be brought from a remote.
        var isWhole = true
    }

    /// The objects that there are; `nil` if they were not listed.
    let inventory: ObjectInventory?
    /// What is known to be damaged: blobs, and trees of chunked files.
    let damaged: [ObjectID: any Error]
    /// Whether what is missing is not here yet, as in a store that was cloned light, and thus no damage.
    let isPartial: Bool
    /// Each file once, with any one of its paths.
    private(set) var files: [ObjectID: TreeFile] = [:]
    private var known: [TreeID: Content] = [:]

    init(_ inventory: ObjectInventory?, damaged: [ObjectID: any Error], isPartial: Bool) {
        self.inventory = inventory
        self.damaged = damaged
        self.isPartial = isPartial
    }

    /// Looks at all that is below a tree.
    ///
    /// - Throws: If the tree itself, or a folder below it, cannot be read: nobody knows its files.
    mutating func content(of treeID: TreeID, in repository: Repository) throws -> Content {
        if let content = known[treeID] { return content }
        if isToCome(treeID.objectID, in: repository) { return Content(isWhole: false) }
        return try content(of: treeID, repository.tree(treeID), in: repository)
    }

    private mutating func content(
        of treeID: TreeID, _ tree: Tree, in repository: Repository
    ) throws -> Content {
        var content = Content()
        let fileTree = FileTree(repository)
        for (path, entry) in try FileTree.level(tree) {
            if entry.mode == .directory, let below = known[TreeID(entry.id)] {
                Self.add(below, at: path, to: &content)
                continue
            }
            switch try node(path, entry, of: fileTree, in: repository) {
            case nil: content.isWhole = false
            case .file(let file):
                let problem = problem(with: file, in: repository)
                if isPartial, problem is MissingObject {
                    content.isWhole = false
                    continue
                }
                content.fileCount += 1
                files[file.id] = file
                if let problem { content.problems.append((path.bytes, problem)) }
            case .folder(let belowID, let below):
                Self.add(try self.content(of: belowID, below, in: repository), at: path, to: &content)
            }
        }
        known[treeID] = content
        return content
    }

    private static func add(_ below: Content, at path: ArtifactPath, to content: inout Content) {
        content.fileCount += below.fileCount
        content.isWhole = content.isWhole && below.isWhole
        content.problems += below.problems.map { (path.bytes + [UInt8(ascii: "/")] + $0.path, $0.cause) }
    }

    /// What an entry of a tree stands for; `nil` if that is not here yet.
    private func node(
        _ path: ArtifactPath, _ entry: TreeEntry, of fileTree: FileTree, in repository: Repository
    ) throws -> FileTree.Node? {
        if entry.mode == .directory, isToCome(entry.id, in: repository) { return nil }
        do {
            return try fileTree.node(path, entry)
        } catch {
            // The marker of a chunked file.
            guard isPartial, error is MissingObject else { throw error }
            return nil
        }
    }

    /// What is wrong with a file; damage before what is missing.
    private func problem(with file: TreeFile, in repository: Repository) -> (any Error)? {
        switch file.content {
        case .blob(let id): return problem(with: id.objectID, in: repository)
        case .chunked(let treeID, _):
            do {
                var missing: (any Error)?
                for id in try FileTree(repository).chunkIDs(of: treeID) {
                    guard let cause = problem(with: id.objectID, in: repository) else { continue }
                    guard isPartial, cause is MissingObject else { return cause }
                    missing = cause
                }
                return missing ?? damaged[treeID.objectID]
            } catch {
                return error
            }
        }
    }

    private func problem(with id: ObjectID, in repository: Repository) -> (any Error)? {
        damaged[id] ?? (isHere(id, in: repository) ? nil : MissingObject(id: id))
    }

    private func isToCome(_ id: ObjectID, in repository: Repository) -> Bool {
        isPartial && id != TreeID.empty.objectID && !isHere(id, in: repository)
    }

    /// Whoever checks has just looked at the list of packs.
    private func isHere(_ id: ObjectID, in repository: Repository) -> Bool {
        inventory?.position(of: id) != nil || repository.contains(id, mayBeStale: true)
    }
}
