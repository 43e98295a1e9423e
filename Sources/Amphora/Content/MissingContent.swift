package import AmphoraGit
package import AmphoraObjects

/// What is missing of some content, in batches: each is to be brought before the next is asked for.
///
/// Looks at each object when its batch is made, so that what a batch has brought is not asked for again.
/// Holds what is in the folders on the way to where it is, and the trees that it has seen.
package struct MissingContent {
    /// What is to be brought at once.
    package struct Batch {
        /// Trees below which nothing is here: asking for all of it by one name spares the other side
        /// looking up each of the blobs.
        package fileprivate(set) var trees: [TreeID] = []
        package fileprivate(set) var blobs: [ObjectID] = []
        /// About how long it is.
        package fileprivate(set) var byteCount = 0
        fileprivate var items: Set<ContentWalk.Item> = []
    }

    /// About how long a batch is: one that is interrupted is asked for again.
    package static let batchByteCount = 256 << 20
    /// The most entries of trees that are looked at to find out whether one can be asked for whole.
    private static let mostLooks = 1 << 20
    private static let mostDepth = 32
    /// The most blobs that are asked for one by one.
    private static let mostBlobs = 1 << 15

    private var walk: ContentWalk
    private let excluded: Set<ObjectID>
    private let byteCounts: BlobEstimate

    init(_ walk: ContentWalk, without excluded: Set<ObjectID>, _ byteCounts: BlobEstimate) {
        self.walk = walk
        self.excluded = excluded
        self.byteCounts = byteCounts
    }

    /// The next batch, or `nil` if nothing is missing any more.
    ///
    /// - Parameters:
    ///   - repository: Looked at anew for each batch: packs have come since the last.
    ///   - limit: About how long it may be, in bytes.
    /// - Returns: What to bring now.
    /// - Throws: If a tree is missing or damaged.
    package mutating func next(
        in repository: Repository, limit: Int = batchByteCount
    ) throws -> Batch? {
        var batch = Batch()
        while batch.byteCount < limit, batch.blobs.count < Self.mostBlobs, let item = walk.next() {
            if !item.role.isTree {
                guard !item.isHere(in: repository), !excluded.contains(item.id),
                    batch.items.insert(item).inserted
                else { continue }
                batch.blobs.append(item.id)
                batch.byteCount += byteCounts[item.role]
                continue
            }
            var looks = Self.mostLooks
            if let byteCount = try byteCount(
                ofAllBelow: item, in: repository, limit: limit, depth: 0, &looks)
            {
                guard batch.byteCount + byteCount <= limit || batch.byteCount == 0 else {
                    walk.putBack(item)
                    return batch
                }
                batch.items.insert(item)
                batch.trees.append(TreeID(item.id))
                batch.byteCount += byteCount
            } else {
                try walk.descend(into: item, in: repository)
            }
        }
        return batch.items.isEmpty ? nil : batch
    }

    /// About how long all is that is below a tree, if nothing of it is here and it is not too much.
    private func byteCount(
        ofAllBelow item: ContentWalk.Item, in repository: Repository, limit: Int, depth: Int,
        _ looks: inout Int
    ) throws -> Int? {
        // Trees that are so many or so deep are looked at one by one: somebody may have nested them without end.
        guard item.extent == .content, depth < Self.mostDepth else { return nil }
        var sum = 0
        for child in try ContentWalk.children(of: item, in: repository) {
            looks -= 1
            guard looks > 0 else { return nil }
            if child.role.isTree {
                guard
                    let below = try byteCount(
                        ofAllBelow: child, in: repository, limit: limit - sum, depth: depth + 1, &looks)
                else {
                    return nil
                }
                sum += below
            } else {
                sum += byteCounts[child.role]
                guard sum <= limit, !child.isHere(in: repository), !excluded.contains(child.id) else {
                    return nil
                }
            }
        }
        return sum > 0 ? sum : nil
    }
}

extension MissingContent.Batch {
    /// Whether all of it is here now.
    package func isHere(in repository: Repository) throws -> Bool {
        var walk = ContentWalk(Array(items))
        while let item = walk.next() {
            guard item.isHere(in: repository) else { return false }
            if item.role.isTree { try walk.descend(into: item, in: repository) }
        }
        return true
    }
}
