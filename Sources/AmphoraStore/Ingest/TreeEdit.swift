package import AmphoraGit
package import AmphoraObjects

/// Changes to the tree of a version: files put and paths removed, on top of a base or of nothing.
package struct TreeEdit: Sendable {
    /// Sorted by path, each once put and once removed at most; a removal comes before a put.
    private let changes: [Change]

    package enum Removal: Sendable {
        /// Nothing of that name is an error.
        case required
        case ifPresent
    }

    /// - Parameters:
    ///   - puts: Files by their path's bytes, each once.
    ///   - removals: Files or folders of the base that are to go; they go before files are put.
    package init(
        puts: some Sequence<([UInt8], StoredFile)>,
        removals: [[UInt8]: Removal] = [:]
    ) {
        var changes = puts.map { Change(path: $0, kind: .put($1)) }
        for (path, removal) in removals { changes.append(Change(path: path, kind: .remove(removal))) }
        changes.sort { lhs, rhs in
            if lhs.path.lexicographicallyPrecedes(rhs.path) { return true }
            return lhs.path == rhs.path && !lhs.isPut && rhs.isPut
        }
        self.changes = changes
    }

    /// A tree, and how many files and bytes it has more than its base.
    package struct Result: Sendable {
        package var treeID: TreeID
        package var addedFileCount = 0
        package var addedByteCount = 0
    }

    /// Writes the trees that change and returns the new root.
    ///
    /// Folders that become empty vanish, as everywhere in git. Only the folders on the way to a change
    /// are read, so the rest of the base need not be on this disk as files.
    ///
    /// - Parameters:
    ///   - baseID: The tree to change.
    ///   - repository: Where the base is read.
    ///   - writer: Where new trees go.
    /// - Returns: The new tree, and how it differs in files and bytes.
    /// - Throws: ``PathConflict`` if a file is put where a folder is, or below a file; ``PathNotFound``
    ///   for a removal of nothing.
    package func apply(
        to baseID: TreeID = .empty, in repository: Repository, writing writer: some ObjectWriter
    ) throws -> Result {
        var result = Result(treeID: baseID)
        result.treeID = try Self.apply(
            changes[...], from: 0, to: baseID, in: repository, writing: writer, &result)
        return result
    }

    private struct Change {
        let path: [UInt8]
        let kind: Kind

        enum Kind {
            case put(StoredFile)
            case remove(Removal)
        }

        var isPut: Bool { if case .put = kind { true } else { false } }
    }

    /// Changes one folder; the rest of each path, from `start` on, is what lies in it.
    private static func apply(
        _ changes: ArraySlice<Change>, from start: Int, to baseID: TreeID, in repository: Repository,
        writing writer: some ObjectWriter, _ result: inout Result
    ) throws -> TreeID {
        var entries = Dictionary(try repository.tree(baseID).entries.map { ($0.name, $0) }) { first, _ in
            first
        }
        var below: [(name: [UInt8], changes: ArraySlice<Change>)] = []
        var rest = changes
        while let change = rest.first {
            if let slash = change.path[start...].firstIndex(of: UInt8(ascii: "/")) {
                let group = rest.prefix { $0.path.starts(with: change.path[...slash]) }
                below.append((Array(change.path[start..<slash]), group))
                rest = rest.dropFirst(group.count)
            } else {
                rest.removeFirst()
                try apply(change, named: Array(change.path[start...]), to: &entries, in: repository, &result)
            }
        }
        let newFiles =
            below.isEmpty
            ? []
            : Set(
                changes.lazy.filter(\.isPut).map { $0.path[start...] }.filter {
                    !$0.contains(UInt8(ascii: "/"))
                })
        for (name, changes) in below {
            let old = entries[name]
            let isFile = try newFiles.contains(name[...]) || old.map { try !repository.isFolder($0) } ?? false
            if isFile, let put = changes.first(where: \.isPut) {
                throw PathConflict(path: put.path, isFolder: false)
            }
            let treeID = try apply(
                changes, from: start + name.count + 1,
                to: isFile ? .empty : old.map { TreeID($0.id) } ?? .empty, in: repository, writing: writer,
                &result)
            if !isFile {
                entries[name] =
                    treeID == .empty ? nil : TreeEntry(name: name, mode: .directory, id: treeID.objectID)
            }
        }
        return entries.isEmpty ? .empty : try writer.write(Tree(Array(entries.values)))
    }

    /// Changes one entry of a folder.
    private static func apply(
        _ change: Change, named name: [UInt8], to entries: inout [[UInt8]: TreeEntry],
        in repository: Repository, _ result: inout Result
    ) throws {
        if let old = entries[name] {
            if change.isPut, try repository.isFolder(old) {
                throw PathConflict(path: change.path, isFolder: true)
            }
            let files = try FileTree(repository).files(of: old)
            result.addedFileCount -= files.count
            for file in files { result.addedByteCount &-= try file.byteCount(in: repository) }
        }
        switch change.kind {
        case .put(let file):
            entries[name] = TreeEntry(name: name, mode: file.mode, id: file.id)
            result.addedFileCount += 1
            result.addedByteCount &+= file.byteCount
        case .remove(let removal):
            guard entries.removeValue(forKey: name) != nil || removal == .ifPresent else {
                throw PathNotFound(path: change.path)
            }
        }
    }
}

extension Repository {
    /// Whether the entry is a folder, and not a file, chunked or whole.
    fileprivate func isFolder(_ entry: TreeEntry) throws -> Bool {
        guard entry.mode == .directory else { return false }
        return try tree(TreeID(entry.id))[EntryName.reserved] == nil
    }
}

/// A path that would be both a file and a folder.
package struct PathConflict: UserFacingError, Equatable {
    let path: [UInt8]
    let isFolder: Bool
    package var code: ErrorCode { .conflict }
    package var message: String {
        isFolder
            ? "cannot put a file at '\(displayPath(path))': there is a folder of that name"
            : "cannot put '\(displayPath(path))': a folder on its way is a file"
    }
    package var hint: String? { "Remove what is there first, or choose another path." }
}

/// A path that a version does not have.
package struct PathNotFound: UserFacingError, Equatable {
    let path: [UInt8]
    package init(path: [UInt8]) { self.path = path }
    package var code: ErrorCode { .notFound }
    package var message: String { "there is no file or folder '\(displayPath(path))'" }
    package var hint: String? { "`amphora files VERSION` lists them." }
}
