package import AmphoraObjects
package import AmphoraPack
import CLibgit2

extension Repository {
    /// The kind of an object, without reading all of it.
    ///
    /// - Throws: ``MissingObject`` or ``DamagedObject``.
    package func kind(of id: ObjectID) throws -> ObjectKind {
        try checkPlace(of: id)
        var oid = git_oid(id)
        var length = 0
        var type = GIT_OBJECT_INVALID
        do {
            try git("git_odb_read_header") { git_odb_read_header(&length, &type, odb, &oid) }
        } catch {
            throw problem(with: id, error)
        }
        let kinds: [ObjectKind] = [.blob, .tree, .commit, .tag]
        guard let kind = kinds.first(where: { $0.type == type }) else {
            throw DamagedObject(
                id: id, cause: MalformedObject(kind: "object", reason: "it is of no known kind"))
        }
        return kind
    }
}
