import AmphoraObjects
import AmphoraPack

/// A request in git's terms.
struct Wants {
    /// Objects, and of what kind they must be.
    var objects: [(id: ObjectID, kind: ObjectKind)]
    /// What the server is to leave out.
    let filter: String?
    /// Commits whose history is here.
    let known: [ObjectID]

    /// So many are asked for at once.
    private static let mostAtOnce = 4096

    init(_ request: ObjectRequest) {
        switch request {
        case .commits(let ids): self.init(ids.map { ($0, .commit) }, "tree:0")
        case .runs(let ids, let known): self.init(ids.map { ($0, .commit) }, "blob:limit=64k", known)
        case .trees(let ids): self.init(ids.map { ($0, .tree) }, "blob:none")
        case .content(let trees, let blobs):
            self.init(trees.map { ($0, .tree) } + blobs.map { ($0, .blob) }, nil)
        }
    }

    private init(_ objects: [(ObjectID, ObjectKind)], _ filter: String?, _ known: [ObjectID] = []) {
        self.objects = objects
        self.filter = filter
        self.known = known
    }

    var ids: [ObjectID] { objects.map(\.id) }

    /// The same in parts that can be asked for at once.
    var batches: [Wants] {
        stride(from: 0, to: objects.count, by: Self.mostAtOnce).map { start in
            Wants(Array(objects[start..<min(start + Self.mostAtOnce, objects.count)]), filter, known)
        }
    }
}
