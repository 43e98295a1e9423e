package import AmphoraGit
package import AmphoraObjects
package import AmphoraPack
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes objects as loose files.
///
/// An object gets its name only when its bytes are on the disk. So an object that has its name can be
/// trusted, and a put that dies leaves files that `git prune` knows as temporary.
package final class LooseObjectWriter: ObjectWriter {
    /// This many objects are made durable at once; the rest of a large put goes on meanwhile.
    private static let batchCount = 4096
    /// Up to this many are made durable one by one; for more, the whole file system is asked.
    private static let individualLimit = 128

    private let pool: RepositoryPool
    private let objects: FilePath
    private let prefix = "tmp_obj_amphora_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))_"
    private let state = Mutex(State())

    private struct State {
        /// Objects that a thread is writing, has written, or is naming: another need not.
        var known: Set<ObjectID> = []
        /// Those that are written and not named yet.
        var written: Set<ObjectID> = []
    }

    package init(_ pool: RepositoryPool) {
        self.pool = pool
        objects = FilePath(pool.path).appending("objects")
    }

    deinit {
        for id in state.withLock({ $0.written }) { _ = temporary(id).withPlatformString { unlink($0) } }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID {
        var hasher = ObjectHasher(kind, byteCount: bytes.count)
        hasher.update(bytes)
        let id = hasher.finalize()
        if try pool.with({ $0.contains(id, mayBeStale: true) }) { return id }
        guard state.withLock({ $0.known.insert(id).inserted }) else { return id }
        let file = try pool.with { LooseObject.file(kind, bytes, with: $0.deflater) }
        try file.withUnsafeBytes { try Self.write($0, to: temporary(id)) }
        let batch: Set<ObjectID> = state.withLock { state in
            state.written.insert(id)
            guard state.written.count >= Self.batchCount else { return [] }
            defer { state.written = [] }
            return state.written
        }
        try name(batch)
        return id
    }

    /// To be called when no thread writes any more.
    package func finish() throws {
        let rest = state.withLock { state in
            defer { state.written = [] }
            return state.written
        }
        try name(rest)
    }

    private func temporary(_ id: ObjectID) -> FilePath { objects.appending("\(prefix)\(id)") }

    private static func write(_ bytes: UnsafeRawBufferPointer, to path: FilePath) throws {
        do {
            let descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
        } catch {
            throw FileError("write to the store", path, error)
        }
    }

    /// Makes objects durable and gives them their names.
    private func name(_ ids: Set<ObjectID>) throws {
        guard !ids.isEmpty else { return }
        let isFew = ids.count <= Self.individualLimit
        if isFew { for id in ids { try temporary(id).syncToDisk() } } else { try objects.syncFileSystem() }
        var folders: Set<FilePath> = [objects]
        for id in ids {
            let digits = id.description
            let folder = objects.appending(String(digits.prefix(2)))
            if folders.insert(folder).inserted { try folder.makeFolders() }
            let target = folder.appending(String(digits.dropFirst(2)))
            try temporary(id).rename(to: target)
        }
        if isFew { for folder in folders { try folder.syncToDisk() } } else { try objects.syncFileSystem() }
        state.withLock { $0.known.subtract(ids) }
    }
}
