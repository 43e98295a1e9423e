package import AmphoraObjects

/// A notes tree as it is read: the notes by the object they are for.
///
/// git fans a tree of many notes out into folders of two digits; both forms are read. libgit2's own
/// notes have no compare-and-swap and stumble over entries that are not notes.
package struct NotesTree: Sendable {
    /// A note and where it lies in the tree.
    package struct Note: Sendable {
        package let blobID: BlobID
        /// The path in the tree: 40 digits, with slashes where the tree is fanned out.
        package let path: [UInt8]
    }

    /// The note of each object.
    package private(set) var notes: [ObjectID: Note] = [:]

    package init() {}

    /// Reads the tree; entries that are not notes are passed over.
    package init(_ id: TreeID, in repository: Repository) throws {
        try read(id, digits: [], path: [], in: repository)
    }

    private mutating func read(
        _ id: TreeID, digits: [UInt8], path: [UInt8], in repository: Repository
    ) throws {
        for entry in try repository.tree(id).entries {
            let digits = digits + entry.name
            let path = path.isEmpty ? entry.name : path + [UInt8(ascii: "/")] + entry.name
            guard digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { continue }
            if digits.count == 40, entry.mode != .directory,
                let object = try? ObjectID(hex: String(decoding: digits, as: UTF8.self))
            {
                notes[object] = Note(blobID: BlobID(entry.id), path: path)
            } else if entry.name.count == 2, entry.mode == .directory, digits.count < 40 {
                try read(TreeID(entry.id), digits: digits, path: path, in: repository)
            }
        }
    }
}
