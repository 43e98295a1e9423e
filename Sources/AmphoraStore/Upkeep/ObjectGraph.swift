package import AmphoraGit
package import AmphoraObjects
import AmphoraPack

/// What each tree and commit names, by positions in an inventory, read once.
///
/// Four bytes for each entry of each tree. For one thread at a time.
package final class ObjectGraph {
    private let inventory: ObjectInventory
    private let repository: Repository
    /// Where the links of an object begin in `links`; -1 if it was not read yet.
    private var starts: [Int]
    /// The number of links, then the links, of one object after another.
    private var links: [Int32] = []
    /// Objects that name one which is not here.
    private var lacking: ObjectMarks
    /// The walk in which an object was last seen.
    private var stamps: [Int32]
    private var walkCount: Int32 = 0

    package init(_ inventory: ObjectInventory, in repository: Repository) {
        self.inventory = inventory
        self.repository = repository
        lacking = ObjectMarks(count: inventory.ids.count)
        starts = [Int](repeating: -1, count: inventory.ids.count)
        stamps = [Int32](repeating: 0, count: inventory.ids.count)
    }

    /// Hands out each object that can be reached, once.
    ///
    /// Objects that are not here, or cannot be read, are passed over.
    ///
    /// - Parameters:
    ///   - roots: Where to begin.
    ///   - body: Gets positions in the inventory.
    /// - Returns: Whether all that is named on the way is here.
    /// - Complexity: O(*n*) in the objects reached; only those that were not reached before are read.
    @discardableResult
    package func walk(from roots: [ObjectID], _ body: (Int) -> Void) -> Bool {
        walkCount += 1
        var isWhole = true
        var stack: [Int32] = []
        func visit(_ position: Int32) {
            guard stamps[Int(position)] != walkCount else { return }
            stamps[Int(position)] = walkCount
            body(Int(position))
            if lacking.contains(Int(position)) { isWhole = false }
            stack.append(position)
        }
        for id in roots {
            guard let position = inventory.position(of: id) else { continue }
            if starts[position] < 0 { read(position, try? repository.kind(of: id)) }
            visit(Int32(position))
        }
        while let position = stack.popLast() {
            let start = starts[Int(position)]
            guard start >= 0 else { continue }  // A blob.
            for number in 0..<Int(links[start]) { visit(links[start + 1 + number]) }
        }
        return isWhole
    }

    /// Whether an object that was reached is a blob; what cannot be read counts as one.
    package func isLeaf(_ position: Int) -> Bool { starts[position] < 0 }

    /// Reads what the object names, and all below it that was not read yet.
    private func read(_ position: Int, _ kind: ObjectKind?) {
        var stack = [(position, kind)]
        while let (position, kind) = stack.popLast() {
            guard let kind, kind != .blob, starts[position] < 0 else { continue }
            starts[position] = links.count
            links.append(0)
            let id = inventory.ids[position]
            guard let bytes = try? repository.read(id, as: kind),
                let found = try? ObjectLinks.links(in: bytes, kind)
            else { continue }
            for link in found {
                guard let below = inventory.position(of: link.id) else {
                    if link.id != TreeID.empty.objectID { lacking.insert(position) }
                    continue
                }
                links.append(Int32(below))
                links[starts[position]] += 1
                stack.append((below, link.kind))
            }
        }
    }
}
