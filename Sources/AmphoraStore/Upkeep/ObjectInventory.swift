package import AmphoraObjects
package import AmphoraPack
package import SystemPackage

/// Every object that a store has, and where.
///
/// 24 bytes an object; 48 more for a loose one.
package struct ObjectInventory: Sendable {
    /// A pack, not held open: a large store has more of them than a process may have files open.
    package struct Pack: Sendable {
        /// The path of the index.
        package let path: FilePath
        package let index: PackIndex
        /// Length of the pack, in bytes.
        package let byteCount: Int
        /// In nanoseconds since 1970.
        package let modified: Int
        /// Whether somebody said that it must stay: a `.keep` file lies beside it.
        package let isKept: Bool
        /// Whether a remote has what is in it, and has promised to send what that names: a `.promisor` file
        /// lies beside it.
        package let isPromised: Bool

        /// Its objects, sorted.
        package var ids: some Sequence<ObjectID> {
            let index = self.index
            return (0..<index.count).lazy.map { index.id(at: $0) }
        }
    }

    package struct Loose: Sendable {
        package let id: ObjectID
        package let byteCount: Int
        /// In nanoseconds since 1970.
        package let modified: Int
    }

    /// The folder `objects` of a repository.
    package let folder: FilePath
    package private(set) var packs: [Pack] = []
    package private(set) var loose: [Loose] = []
    /// Sorted, each once.
    package private(set) var ids: [ObjectID] = []
    /// Packs that cannot be opened, by the names of their indexes.
    package private(set) var damagedPacks: [(name: String, cause: MalformedObject)] = []
    /// What writers left that were killed; only while nobody writes.
    package internal(set) var leftovers: [FilePath] = []
    /// Whether trees and blobs may be missing because a remote has promised to send them when asked.
    package private(set) var isPartial = false

    /// Lists what is in a folder `objects`.
    package init(of folder: FilePath) throws {
        self.folder = folder
        for name in try folder.folderEntries() {
            let text = String(decoding: name, as: UTF8.self)
            let path = folder.appending(bytes: name)
            if text.hasPrefix(StagedObjects.prefix) { leftovers.append(path) }
            if text.utf8.count == 2 { try addLoose(in: path, text) }
        }
        try addPacks(in: folder.appending("pack"))
        ids.reserveCapacity(loose.count + packs.reduce(0) { $0 + $1.index.count })
        for pack in packs { ids += pack.ids }
        for object in loose { ids.append(object.id) }
        ids.sort()
        var count = 0
        for position in ids.indices where position == 0 || ids[position] != ids[count - 1] {
            ids[count] = ids[position]
            count += 1
        }
        ids.removeLast(ids.count - count)
    }

    private mutating func addLoose(in path: FilePath, _ digits: String) throws {
        guard (try? FileStatus(of: path, followLinks: true))?.kind == .folder else { return }
        for name in try path.folderEntries() {
            let file = path.appending(bytes: name)
            guard let id = try? ObjectID(hex: digits + String(decoding: name, as: UTF8.self)),
                let status = try? FileStatus(of: file, followLinks: false)
            else { continue }
            loose.append(Loose(id: id, byteCount: status.byteCount, modified: status.modified))
        }
    }

    private mutating func addPacks(in path: FilePath) throws {
        guard (try? FileStatus(of: path, followLinks: true)) != nil else { return }
        let names = try path.folderEntries().map { String(decoding: $0, as: UTF8.self) }
        let all = Set(names)
        leftovers += names.filter { isOrphan($0, path.appending($0), all) }.map { path.appending($0) }
        for name in names where name.hasSuffix(".idx") {
            let base = name.dropLast(4)
            let isPromised = all.contains("\(base).promisor")
            isPartial = isPartial || isPromised
            do {
                let pack = try PackReader(index: path.appending(name))
                let status = try FileStatus(of: path.appending("\(base).pack"), followLinks: true)
                packs.append(
                    Pack(
                        path: pack.path, index: pack.index, byteCount: pack.byteCount,
                        modified: status.modified, isKept: all.contains("\(base).keep"),
                        isPromised: isPromised))
            } catch {
                guard let cause = error as? MalformedObject else { throw error }
                damagedPacks.append((name, cause))
            }
        }
    }

    /// Whether a file belongs to a pack whose index is gone: whoever was removing it was killed.
    ///
    /// A pack gets its index last, too, but that takes git a moment only.
    private func isOrphan(_ name: String, _ path: FilePath, _ all: Set<String>) -> Bool {
        let parts = name.split(separator: ".")
        guard name.hasPrefix("pack-"), parts.count == 2, !all.contains("\(parts[0]).idx"),
            ["pack", "rev", "bitmap", "mtimes", "promisor"].contains(parts[1]),
            let status = try? FileStatus(of: path, followLinks: false)
        else { return false }
        return FileStatus.now() - status.changed > Self.orphanAge
    }

    /// In nanoseconds.
    static let orphanAge = 600 * 1_000_000_000

    /// Where the object stands in ``ids``; `nil` if it is not here.
    package func position(of id: ObjectID) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }
}
