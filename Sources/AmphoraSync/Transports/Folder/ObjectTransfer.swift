import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore
import Synchronization
import SystemPackage

/// Copies objects from one repository into another: entries of packs as they are, each checked first, on all cores.
///
/// Blobs, then trees, then commits, so that what is there after an interruption has all that it names, as far as it was
/// to be copied.
final class ObjectTransfer: Sendable {
    /// Up to so many objects are left to the writer, which may make loose ones of them.
    private static let fewCount = 32
    /// So many bytes of a pack are one thread's at a time.
    private static let batchByteCount = 4 << 20

    private let source: RepositoryPool
    private let wanted: [ObjectID: ObjectKind]
    private let writer: PackingObjectWriter
    private let progress: (activity: String, handler: Progress.Handler?)
    private let size = Mutex(TransferSize())

    /// A pack of the source and what is to be copied of it, in its order.
    private struct Part {
        let pack: FilePath
        var entries: [PackReader.Entry]
    }

    /// - Parameters:
    ///   - wanted: What is to be copied, all of it in the source.
    ///   - source: Has it.
    ///   - writer: Writes it.
    ///   - activity: What the user is told that is happening.
    ///   - handler: Told of bytes.
    init(
        of wanted: [ObjectID: ObjectKind], from source: RepositoryPool, to writer: PackingObjectWriter,
        _ activity: String, _ handler: Progress.Handler?
    ) {
        self.wanted = wanted
        self.source = source
        self.writer = writer
        progress = (activity, handler)
    }

    /// - Returns: What was copied, durably.
    /// - Throws: `DamagedObject`, `MissingObject`; `FileError` if the target cannot be written.
    func run() throws -> TransferSize {
        let isFew = wanted.count <= Self.fewCount
        let (parts, others) = isFew ? ([], Array(wanted.keys)) : findParts()
        let meter = ProgressMeter(
            progress.activity,
            byteCount: parts.reduce(0) { $0 + $1.entries.reduce(0) { $0 + $1.byteCount } }, progress.handler)
        if !isFew { writer.packAll() }
        for kinds in [[.blob], [.tree], [.commit, .tag]] as [Set<ObjectKind>] {
            for part in parts {
                try copy(
                    part.entries.filter { wanted[$0.id].map(kinds.contains) ?? false }, of: part.pack, meter)
            }
            let rest = others.filter { wanted[$0].map(kinds.contains) ?? false }
            try Parallel.forEach(isFew ? min(1, rest.count) : rest.count) { index in
                for id in isFew ? rest : [rest[index]] { try copyWhole(id, meter) }
            }
        }
        try writer.finish()
        return size.withLock { $0 }
    }

    /// Finds out where in packs the objects lie.
    ///
    /// - Returns: What lies in packs of the source itself; and the rest.
    private func findParts() -> ([Part], others: [ObjectID]) {
        let folder = FilePath(source.path).appending("objects").appending("pack")
        var rest = Set(wanted.keys)
        var parts: [Part] = []
        for name in (try? folder.folderEntries()) ?? [] where name.suffix(4).elementsEqual(".idx".utf8) {
            let path = folder.appending(bytes: name)
            // Of packs that cannot be used the other way knows why.
            guard !rest.isEmpty, let pack = try? PackReader(index: path),
                rest.contains(where: { pack.offset(of: $0) != nil }), let entries = try? pack.entries()
            else { continue }
            parts.append(Part(pack: path, entries: entries.filter { rest.remove($0.id) != nil }))
        }
        return (parts, Array(rest))
    }

    private func copy(_ entries: [PackReader.Entry], of path: FilePath, _ meter: ProgressMeter) throws {
        guard !entries.isEmpty else { return }
        let pack = try PackReader(index: path)
        var batches: [Range<Int>] = []
        var (start, byteCount) = (0, 0)
        for (number, entry) in entries.enumerated() {
            byteCount += entry.byteCount
            guard byteCount >= Self.batchByteCount || number == entries.count - 1 else { continue }
            batches.append(start..<(number + 1))
            (start, byteCount) = (number + 1, 0)
        }
        let ranges = batches
        try Parallel.forEach(ranges.count) { batch in
            let inflater = Inflater()
            for entry in entries[ranges[batch]] { try copy(entry, of: pack, inflater, meter) }
        }
    }

    private func copy(
        _ entry: PackReader.Entry, of pack: PackReader, _ inflater: Inflater, _ meter: ProgressMeter
    ) throws {
        let object: (entry: PackEntry, kind: ObjectKind, content: [UInt8])?
        do {
            object = try pack.object(of: entry, with: inflater)
        } catch {
            throw DamagedObject(id: entry.id, cause: error)
        }
        // Our packs have no deltas.
        guard let object else { return try copyWhole(entry.id, meter) }
        try check(object.content, object.kind, entry.id)
        try writer.write(object.entry)
        note(entry.byteCount, meter)
    }

    /// Copies an object that is no entry of a pack by itself.
    private func copyWhole(_ id: ObjectID, _ meter: ProgressMeter) throws {
        guard let kind = wanted[id] else { return }
        let content = try source.with { try $0.read(id, as: kind) }
        try check(content, kind, id)
        _ = try content.withUnsafeBytes { try writer.write($0, as: kind) }
        note(content.count, meter)
    }

    private func check(_ content: [UInt8], _ kind: ObjectKind, _ id: ObjectID) throws {
        guard kind == wanted[id] else {
            throw DamagedObject(
                id: id,
                cause: MalformedObject(kind: "object", reason: "it is not of the kind that it should be"))
        }
        try ObjectRules.check(content, kind, id)
    }

    private func note(_ byteCount: Int, _ meter: ProgressMeter) {
        size.withLock { $0 += TransferSize(objectCount: 1, byteCount: byteCount) }
        meter.add(bytes: byteCount)
    }
}
