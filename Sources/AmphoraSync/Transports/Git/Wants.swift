import AmphoraObjects

/// A request in git's terms.
struct Wants {
    let ids: [ObjectID]
    /// What the server is to leave out.
    let filter: String?
    /// Commits whose history is here.
    let known: [ObjectID]

    /// So many are asked for at once.
    private static let mostAtOnce = 4096

    init(_ request: ObjectRequest) {
        switch request {
        case .commits(let ids): self.init(ids, "tree:0")
        case .runs(let ids, let known): self.init(ids, "blob:limit=64k", known)
        case .trees(let ids): self.init(ids, "blob:none")
        case .content(let trees, let blobs): self.init(trees + blobs, nil)
        }
    }

    private init(_ ids: [ObjectID], _ filter: String?, _ known: [ObjectID] = []) {
        self.ids = ids
        self.filter = filter
        self.known = known
    }

    /// The same in parts that can be asked for at once.
    var batches: [Wants] {
        stride(from: 0, to: ids.count, by: Self.mostAtOnce).map { start in
            Wants(Array(ids[start..<min(start + Self.mostAtOnce, ids.count)]), filter, known)
        }
    }
}
