package import AmphoraGit
package import AmphoraObjects
package import AmphoraPack
import Synchronization
import SystemPackage

/// Writes the objects of one change: a few as loose files, many into packs.
///
/// A thousand little puts make no thousand packs, and a large one makes no thousand files.
package final class PackingObjectWriter: ObjectWriter {
    /// Up to this many objects, of this many bytes together, are loose.
    private static let looseCount = 64
    private static let looseByteCount = 4 << 20
    /// A pack ends after this many bytes.
    private static let packByteCount = 2 << 30

    private let pool: RepositoryPool
    private let loose: LooseObjectWriter
    private let folder: FilePath
    private let state = Mutex(State())

    /// `@unchecked`: the pack writer is made, used and left under the lock only.
    private struct State: @unchecked Sendable {
        /// Objects that a thread is writing or has written: another need not.
        var known: Set<ObjectID> = []
        /// Content kept until it is clear whether it becomes loose.
        var held: [(id: ObjectID, kind: ObjectKind, content: [UInt8])] = []
        var heldByteCount = 0
        var isPacking = false
        var pack: PackWriter?
    }

    package init(_ pool: RepositoryPool) {
        self.pool = pool
        loose = LooseObjectWriter(pool)
        folder = FilePath(pool.path).appending("objects").appending("pack")
        pool.refresh()
    }

    package func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID {
        var hasher = ObjectHasher(kind, byteCount: bytes.count)
        hasher.update(bytes)
        let id = hasher.finalize()
        if try pool.with({ $0.contains(id, mayBeStale: true) }) { return id }
        guard state.withLock({ $0.known.insert(id).inserted }) else { return id }
        let content = Array(bytes)
        if !hold(id, kind, content) { try pack(id, kind, content) }
        return id
    }

    /// - Returns: `false` if the content is to be packed at once.
    private func hold(_ id: ObjectID, _ kind: ObjectKind, _ content: [UInt8]) -> Bool {
        state.withLock { state in
            guard !state.isPacking, state.held.count < Self.looseCount,
                state.heldByteCount + content.count <= Self.looseByteCount
            else {
                state.isPacking = true
                return false
            }
            state.held.append((id, kind, content))
            state.heldByteCount += content.count
            return true
        }
    }

    private func pack(_ id: ObjectID, _ kind: ObjectKind, _ content: [UInt8]) throws {
        let stream = try pool.with { $0.deflater.zlib(content) }
        try naming {
            try state.withLock { state in
                let pack = try state.pack ?? PackWriter(in: folder)
                state.pack = pack
                try pack.append(id, kind, contentCount: content.count, stream: stream)
                guard pack.byteCount >= Self.packByteCount else { return }
                state.pack = nil
                try pack.finish()
            }
        }
    }

    /// To be called when no thread writes any more.
    package func finish() throws {
        let (held, isPacking) = state.withLock { state in
            defer {
                state.held = []
                state.heldByteCount = 0
                state.known = []
            }
            return (state.held, state.isPacking)
        }
        guard isPacking else {
            for (_, kind, content) in held { _ = try loose.write(content, as: kind) }
            return try loose.finish()
        }
        for (id, kind, content) in held { try pack(id, kind, content) }
        try naming {
            try state.withLock { state in
                defer {
                    state.pack = nil
                    state.isPacking = false
                }
                try state.pack?.finish()
            }
        }
        pool.refresh()
    }

    private func naming(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw error is Errno ? FileError("write to the store", folder, error) : error
        }
    }
}
