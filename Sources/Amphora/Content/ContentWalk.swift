import AmphoraGit
import AmphoraObjects
import AmphoraStore

/// The trees and blobs that make up some content, from the trees that are here.
///
/// Trees are read with nothing but their entries' names in mind: their markers may not be here.
struct ContentWalk {
    /// What an object is for.
    enum Role: UInt8 {
        case folder, group
        case marker, smallFile, chunk

        var isTree: Bool { rawValue <= Role.group.rawValue }

        /// The least that has to be needed for this to be.
        var extent: ContentNeed.Extent {
            switch self {
            case .folder, .group, .marker: .listing
            case .smallFile: .lengths
            case .chunk: .content
            }
        }
    }

    struct Item: Hashable {
        let id: ObjectID
        let role: Role
        /// How much of what it holds is needed.
        let extent: ContentNeed.Extent

        var isNeeded: Bool { role.extent <= extent }
    }

    /// What is still to be looked at, the next one last.
    private var items: [Item]
    private var seen: Set<Item> = []

    /// Begins with these, in their order.
    init(_ items: [Item]) { self.items = items.reversed() }

    /// The next item that is needed; trees come once.
    ///
    /// What is below a tree comes only if ``descend(into:in:)`` is called with it.
    mutating func next() -> Item? {
        while let item = items.popLast() {
            if item.isNeeded, !item.role.isTree || seen.insert(item).inserted { return item }
        }
        return nil
    }

    /// Puts an item back: it is the next one again.
    mutating func putBack(_ item: Item) {
        seen.remove(item)
        items.append(item)
    }

    /// Lets what is in a tree be next.
    mutating func descend(into item: Item, in repository: Repository) throws {
        items += try Self.children(of: item, in: repository).reversed()
    }

    /// What is in a tree.
    ///
    /// Links and submodules are left out: no version of ours has any, and reading one is an error.
    static func children(of item: Item, in repository: Repository) throws -> [Item] {
        let entries = try repository.tree(TreeID(item.id)).entries
        let isChunked = item.role == .folder && entries.isChunkedFile
        return entries.compactMap { entry in
            let role: Role
            switch (entry.mode, isChunked) {
            case (.directory, true): role = .group
            case (.directory, false): role = .folder
            case (.file, true), (.executable, true): role = .marker
            case (.file, false), (.executable, false): role = item.role == .group ? .chunk : .smallFile
            case (.link, _), (.submodule, _): return nil
            }
            return Item(id: entry.id, role: role, extent: item.extent)
        }
    }
}

extension ContentWalk {
    /// The trees and small files that the paths of a need name; all of it if there are none.
    ///
    /// - Parameters:
    ///   - need: What is needed.
    ///   - repository: Where the trees are.
    ///   - onMissing: Told of trees on the way that are not here.
    /// - Returns: Where to begin. What a path names that is not there is left out.
    /// - Throws: What reading trees throws.
    static func starts(
        of need: ContentNeed, in repository: Repository, onMissing: (ObjectID) -> Void = { _ in }
    ) throws -> [Item] {
        let root = Item(id: need.treeID.objectID, role: .folder, extent: need.extent)
        guard !need.paths.isEmpty else { return [root] }
        return try starts(below: root, need.paths.map { $0.components[...] }, in: repository, onMissing)
    }

    private static func starts(
        below folder: Item, _ paths: [ArraySlice<ArraySlice<UInt8>>], in repository: Repository,
        _ onMissing: (ObjectID) -> Void
    ) throws -> [Item] {
        guard repository.contains(folder.id, mayBeStale: true) else {
            onMissing(folder.id)
            return []
        }
        let entries = try repository.tree(TreeID(folder.id)).entries
        // A file has no files in it, chunked or not.
        guard !entries.isChunkedFile else { return [] }
        let below = Dictionary(grouping: paths) { $0.first ?? [] }
        return try entries.flatMap { entry -> [Item] in
            guard let paths = below[entry.name[...]] else { return [] }
            let item = Item(
                id: entry.id, role: entry.mode == .directory ? .folder : .smallFile, extent: folder.extent)
            if paths.contains(where: { $0.count == 1 }) { return [item] }
            return item.role == .folder
                ? try starts(below: item, paths.map { $0.dropFirst() }, in: repository, onMissing) : []
        }
    }
}

extension [TreeEntry] {
    fileprivate var isChunkedFile: Bool { contains { $0.name == EntryName.reserved } }
}
