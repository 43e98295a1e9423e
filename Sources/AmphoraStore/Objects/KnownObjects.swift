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
    private let state: Mutex<State>

    private struct State {
        var packs: [Pack]
        /// The loose objects by their first byte, as far as they were asked for.
        var loose = [Set<ObjectID>?](repeating: nil, count: 256)
    }

    private struct Pack {
        let path: FilePath
        let reader: PackReader
        var isFresh = false
    }

    init(_ pool: RepositoryPool) {
        objects = FilePath(pool.path).appending("objects")
        let alternates = objects.appending("info").appending("alternates")
        self.pool = (try? FileStatus(of: alternates, followLinks: true)) == nil ? nil : pool
        let folder = objects.appending("pack")
        let names = (try? folder.folderEntries()) ?? []
        let packs = names.filter { $0.suffix(4).elementsEqual(".idx".utf8) }.compactMap { name in
            let path = folder.appending(bytes: name)
            return PackReader(index: path).map { Pack(path: path, reader: $0) }
        }
        state = Mutex(State(packs: packs))
    }

    func contains(_ id: ObjectID) throws -> Bool {
        let isHere = state.withLock { state in
            if let index = state.packs.firstIndex(where: { $0.reader.contains(id) }) {
                if !state.packs[index].isFresh {
                    state.packs[index].isFresh = Self.refresh(
                        FilePath("\(state.packs[index].path.string.dropLast(4)).pack"))
                }
                return true
            }
            let first = Int(id.bytes[0])
            let loose = state.loose[first] ?? looseObjects(first)
            state.loose[first] = loose
            return loose.contains(id) && Self.refresh(looseFile(of: id))
        }
        return try isHere || pool?.with { $0.contains(id, mayBeStale: true) } == true
    }

    /// Takes up a pack that was written meanwhile.
    func add(packWith index: FilePath) {
        state.withLock { state in
            guard let reader = PackReader(index: index) else { return }
            state.packs.append(Pack(path: index, reader: reader, isFresh: true))
        }
    }

    /// Takes up a loose object that was written meanwhile.
    func add(looseObject id: ObjectID) { _ = state.withLock { $0.loose[Int(id.bytes[0])]?.insert(id) } }

    func looseFile(of id: ObjectID) -> FilePath {
        let digits = id.description
        return objects.appending(String(digits.prefix(2))).appending(String(digits.dropFirst(2)))
    }

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
