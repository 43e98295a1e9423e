import AmphoraGit
import AmphoraObjects
import AmphoraPack
import FoundationEssentials
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The objects that a store has while a change is made: those need not be written.
///
/// What is found is refreshed, so that a `git prune` does not take an old object, which nothing reached
/// before, from under the change: see «freshen» in git's `object-file.c`, and git-gc(1), NOTES.
final class KnownObjects: Sendable {
    private let objects: FilePath
    /// Answers where objects may be in places that are not looked at here.
    private let pool: RepositoryPool?
    private let packs: Mutex<[Pack]>
    /// The loose objects by their first byte, as far as they were asked for.
    private let loose = Mutex([Set<ObjectID>?](repeating: nil, count: 256))

    private final class Pack: Sendable {
        // Not the reader: a large store has more packs than a process may have files open.
        private let index: PackIndex
        private let path: FilePath
        private let isFresh: Atomic<Bool>

        init?(index path: FilePath, isFresh: Bool = false) {
            guard let index = try? PackReader(index: path).index else { return nil }
            self.index = index
            self.path = path.pack
            self.isFresh = Atomic(isFresh)
        }

        /// Whether the object is here, and the pack still is: git may have put others in its place.
        func contains(_ id: ObjectID) -> Bool {
            guard index.offset(of: id) != nil else { return false }
            if isFresh.load(ordering: .relaxed) { return true }
            guard KnownObjects.refresh(path) else { return false }
            isFresh.store(true, ordering: .relaxed)
            return true
        }
    }

    init(_ pool: RepositoryPool) {
        objects = FilePath(pool.path).appending("objects")
        let alternates = objects.appending("info").appending("alternates")
        self.pool = (try? FileStatus(of: alternates, followLinks: true)) == nil ? nil : pool
        let folder = objects.appending("pack")
        let names = (try? folder.folderEntries()) ?? []
        packs = Mutex(
            names.filter { $0.suffix(4).elementsEqual(".idx".utf8) }
                .compactMap { Pack(index: folder.appending(bytes: $0)) })
    }

    func contains(_ id: ObjectID) throws -> Bool {
        if packs.withLock({ $0 }).contains(where: { $0.contains(id) }) { return true }
        let first = Int(id.firstByte)
        let isLoose = loose.withLock { loose in
            let objects = loose[first] ?? looseObjects(first)
            loose[first] = objects
            return objects.contains(id)
        }
        if isLoose, Self.refresh(objects.looseObject(id)) { return true }
        return try pool?.with { $0.contains(id, mayBeStale: true) } == true
    }

    /// Takes up a pack that was written meanwhile.
    func add(packWith index: FilePath) {
        guard let pack = Pack(index: index, isFresh: true) else { return }
        packs.withLock { $0.append(pack) }
    }

    /// Takes up a loose object that was written meanwhile.
    func add(looseObject id: ObjectID) { _ = loose.withLock { $0[Int(id.firstByte)]?.insert(id) } }

    private func looseObjects(_ first: Int) -> Set<ObjectID> {
        let digits = (first < 16 ? "0" : "") + String(first, radix: 16)
        let names = (try? objects.appending(digits).folderEntries()) ?? []
        return Set(names.compactMap { try? ObjectID(hex: digits + String(decoding: $0, as: UTF8.self)) })
    }

    /// - Returns: Whether the file is there.
    private static func refresh(_ file: FilePath) -> Bool {
        file.withPlatformString { path in
            // Somebody else's file cannot be refreshed, but can be used.
            utimensat(AT_FDCWD, path, nil, 0) == 0 || errno != ENOENT
        }
    }
}
