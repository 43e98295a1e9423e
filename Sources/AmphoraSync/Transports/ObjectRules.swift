import AmphoraGit
import AmphoraObjects
import AmphoraPack

/// What an object from elsewhere must be, beyond having the right ID: what git's fsck asks for, and our own rules
/// for names.
enum ObjectRules {
    /// - Parameters:
    ///   - content: All of the object, which has this ID.
    ///   - kind: What it is.
    ///   - id: Its ID, for the error.
    /// - Throws: `DamagedObject`.
    static func check(_ content: [UInt8], _ kind: ObjectKind, _ id: ObjectID) throws {
        do {
            switch kind {
            case .blob, .tag: break
            case .commit: _ = try Commit(decoding: content)
            case .tree: try check(tree: content)
            }
        } catch {
            throw DamagedObject(id: id, cause: error)
        }
    }

    private static func check(tree content: [UInt8]) throws {
        let tree = try Tree(decoding: content)
        // In git's order, with modes as git writes them.
        guard Tree(tree.entries).encoded() == content,
            Set(tree.entries.map(\.name)).count == tree.entries.count
        else { throw MalformedObject(kind: "tree", reason: "its entries are not in git's order") }
        for entry in tree.entries where entry.name != EntryName.reserved || entry.mode != .file {
            try EntryName.check(entry.name[...], in: entry.name)
        }
    }
}
