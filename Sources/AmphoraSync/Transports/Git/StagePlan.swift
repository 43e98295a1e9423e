import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

/// How the content of a large push is divided.
struct StagePlan {
    /// So many objects in a stage at most: its tree names each.
    private static let mostObjects = 65_536

    /// Blobs, in the order in which they are stored; none if all can be sent at once.
    private(set) var stages: [[ObjectID]] = []
    private(set) var size = TransferSize()

    /// - Parameters:
    ///   - targets: What the remote is to have, with all below.
    ///   - others: What it has, as far as it is here.
    ///   - store: Where it lies.
    ///   - byteCount: How much of it goes into a stage, compressed, if it is not a single object.
    /// - Throws: ``FileError``, ``MalformedObject``.
    init(of targets: [ObjectID], butNot others: [ObjectID], in store: Store, byteCount: Int) throws {
        let inventory = try ObjectInventory(of: store.layout.objects)
        var needed = try store.pool.with { repository in
            var needed = ObjectMarks(count: inventory.ids.count)
            let graph = ObjectGraph(inventory, in: repository)
            graph.walk(from: targets) { if graph.isLeaf($0) { needed.insert($0) } }
            graph.walk(from: others) { needed.remove($0) }
            return needed
        }
        var stage: [ObjectID] = []
        var stageByteCount = 0
        func add(_ id: ObjectID, _ count: Int) {
            guard let position = inventory.position(of: id), needed.contains(position) else { return }
            needed.remove(position)
            if !stage.isEmpty, stageByteCount + count > byteCount || stage.count == Self.mostObjects {
                stages.append(stage)
                (stage, stageByteCount) = ([], 0)
            }
            stage.append(id)
            stageByteCount += count
            size += TransferSize(objectCount: 1, byteCount: count)
        }
        for pack in inventory.packs {
            for entry in try PackReader(index: pack.path).entries() { add(entry.id, entry.byteCount) }
        }
        for object in inventory.loose { add(object.id, object.byteCount) }
        if !stages.isEmpty, !stage.isEmpty { stages.append(stage) }
        if stages.isEmpty { size = TransferSize() }
    }
}
