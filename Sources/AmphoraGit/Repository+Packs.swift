package import AmphoraObjects
import AmphoraPack
import FoundationEssentials
import Synchronization
import SystemPackage

/// The packs of a repository, as far as they are known, for any number of threads.
final class PackSet: Sendable {
    /// An object whose bytes are valid until the buffer is used again.
    typealias Object = (kind: ObjectKind, content: UnsafeRawBufferPointer)

    private struct State {
        var names: [String] = []
        var readers: [PackReader] = []
        /// When the folder last changed, as far as it was seen.
        var changed: Date?
    }

    /// The most packs that are held open; libgit2 reads from the others.
    private static let limit = 200

    private let state = Mutex(State())

    /// Looks for packs that came or went.
    func refresh(in folder: String) {
        let packs = "\(folder)objects/pack"
        state.withLock { state in
            let now =
                (try? FileManager.default.attributesOfItem(atPath: packs))?[.modificationDate] as? Date
            // Within a clock tick of the change there may be another.
            guard now == nil || now != state.changed || now.map({ $0.timeIntervalSinceNow > -1 }) == true
            else { return }
            state.changed = now
            let listed = (try? FileManager.default.contentsOfDirectory(atPath: packs)) ?? []
            var open = Dictionary(uniqueKeysWithValues: zip(state.names, state.readers))
            state.names = []
            state.readers = []
            for name in listed where name.hasSuffix(".idx") && state.readers.count < Self.limit {
                let known = open.removeValue(forKey: name)
                guard let reader = known ?? (try? PackReader(index: FilePath("\(packs)/\(name)"))) else {
                    continue
                }
                state.names.append(name)
                state.readers.append(reader)
            }
        }
    }

    /// The pack that has the object, and where the object begins in it.
    func location(of id: ObjectID) -> (pack: PackReader, offset: Int)? {
        for reader in state.withLock({ $0.readers }) {
            if let offset = reader.offset(of: id) { return (reader, offset) }
        }
        return nil
    }

    /// Whether an index says that the object begins where its pack has no entries.
    ///
    /// libgit2 would read there, outside of what it has mapped.
    func isMisplaced(_ id: ObjectID) -> Bool {
        state.withLock { $0.readers }.contains { pack in
            pack.offset(of: id).map { $0 < 12 || $0 >= pack.entriesEnd } ?? false
        }
    }

    /// Reads an object that is whole in a pack.
    ///
    /// Not through libgit2, whose SHA-1 is several times slower.
    ///
    /// - Returns: `nil` if it is not in a pack, or is a delta.
    /// - Throws: What is wrong with its entry.
    func object(_ id: ObjectID, into buffer: ByteBuffer, with entries: EntryReader) throws -> Object? {
        guard let (pack, offset) = location(of: id), let entry = try entries.entry(at: offset, in: pack)
        else { return nil }
        let content = buffer.room(for: entry.contentCount)
        let kind = try entries.read(id, at: offset, in: pack, into: content)
        return (kind, UnsafeRawBufferPointer(content))
    }
}

extension Repository {
    /// Whether trees and blobs may be missing because a remote has promised to send them when asked.
    package var isPartial: Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)objects/pack")) ?? []
        return names.contains { $0.hasSuffix(".promisor") }
    }

    /// Sorts things by where their objects lie in packs.
    package func inStoredOrder<Element>(_ elements: [Element], _ id: (Element) -> ObjectID) -> [Element] {
        elements.map { (element: $0, location: packs.location(of: id($0))) }.sorted { lhs, rhs in
            guard let left = lhs.location, let right = rhs.location else { return rhs.location != nil }
            return left.pack === right.pack
                ? left.offset < right.offset : ObjectIdentifier(left.pack) < ObjectIdentifier(right.pack)
        }.map(\.element)
    }
}
