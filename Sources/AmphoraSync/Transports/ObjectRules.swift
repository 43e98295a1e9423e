import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

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
        guard Tree(tree.entries).encoded() == content else {
            throw MalformedObject(kind: "tree", reason: "it is not as git writes it")
        }
        try FileTree.checkNames(content)
    }
}
