package import AmphoraGit
package import AmphoraObjects
package import AmphoraPack
import Dispatch
import Synchronization
import SystemPackage

/// Writes the objects of one change: a few as loose files, many into packs.
///
/// A thousand little puts make no thousand packs, and a large one makes no thousand files.
package final class PackingObjectWriter: ObjectWriter {
    /// Up to this many objects, of this many bytes together, are loose.
    ///
    /// Measured: up to about so many take no longer than a pack of them; from twice as many on, a
    /// pack is faster by more and more, for it is made durable as one file.
    private static let looseCount = 32
    private static let looseByteCount = 4 << 20
    /// The first pack ends after this many bytes, and each later one when it is half as long as all before
    /// it: while one is made durable the next is written, and there are few packs all the same.
    private static let firstPackByteCount = 128 << 20
    private static let largestPackByteCount = 2 << 30

    private let objects: FilePath
    private let known: KnownObjects
    private let isPromisor: Bool
    private let deflaters: Idle<AdaptiveDeflater>
    private let state = Mutex(State())
    /// Where packs are made durable, one at a time, beside the writing of the next.
    private let finishing = DispatchQueue(label: "amphora.packs")

    /// `@unchecked`: a pack writer is used under the lock only, until it leaves for ``finish(_:)``.
    private struct State: @unchecked Sendable {
        var staged: StagedObjects?
        /// Objects that a thread is writing or has written, and which the store does not have yet.
        var pending: Set<ObjectID> = []
        /// Content kept until it is clear whether it becomes loose.
        var held: [(id: ObjectID, kind: ObjectKind, content: [UInt8])] = []
        var heldByteCount = 0
        var isPacking = false
        var pack: PackWriter?
        var packCount = 0
        var packedByteCount = 0
        var failure: (any Error)?
    }

    /// - Parameters:
    ///   - pool: Of the repository to write to.
    ///   - compression: How hard to try.
    ///   - isPromisor: Whether what the objects name may be missing: then all are packed.
    package init(
        _ pool: RepositoryPool, _ compression: Compression = .automatic, isPromisor: Bool = false
    ) {
        objects = FilePath(pool.path).appending("objects")
        known = KnownObjects(pool)
        self.isPromisor = isPromisor
        deflaters = Idle { AdaptiveDeflater(compression) }
    }

    /// Whether the store has the object, which then stays.
    package func contains(_ id: ObjectID) throws -> Bool { try known.contains(id) }

    package func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID {
        var hasher = ObjectHasher(kind, byteCount: bytes.count)
        hasher.update(bytes)
        let id = hasher.finalize()
        guard try !known.contains(id), state.withLock({ $0.pending.insert(id).inserted }) else { return id }
        if try !hold(id, kind, bytes) { try pack(id, kind, bytes) }
        return id
    }

    /// - Returns: `false` if the content is to be packed at once.
    private func hold(_ id: ObjectID, _ kind: ObjectKind, _ content: UnsafeRawBufferPointer) throws -> Bool {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard !state.isPacking, !isPromisor, state.held.count < Self.looseCount,
                state.heldByteCount + content.count <= Self.looseByteCount
            else {
                state.isPacking = true
                return false
            }
            state.held.append((id, kind, Array(content)))
            state.heldByteCount += content.count
            return true
        }
    }

    private func pack(_ id: ObjectID, _ kind: ObjectKind, _ content: UnsafeRawBufferPointer) throws {
        try pack(deflaters.with { PackEntry(id, kind, content, with: $0) })
    }

    /// Lets all objects be packed from now on, however few they are.
    package func packAll() { state.withLock { $0.isPacking = true } }

    /// Writes an object as another pack holds it; whoever calls has checked it.
    package func write(_ entry: PackEntry) throws {
        guard state.withLock({ $0.pending.insert(entry.id).inserted }) else { return }
        try pack(entry)
    }

    private func pack(_ entry: PackEntry) throws {
        try naming {
            try state.withLock { state in
                if let failure = state.failure { throw failure }
                let pack = try state.pack ?? makePack(&state)
                state.pack = pack
                try pack.append(entry)
                let limit = max(
                    Self.firstPackByteCount, min(state.packedByteCount / 2, Self.largestPackByteCount))
                if pack.byteCount >= limit { finishPack(&state) }
            }
        }
    }

    private func makePack(_ state: inout State) throws -> PackWriter {
        defer { state.packCount += 1 }
        return try staged(&state).makePack(number: state.packCount)
    }

    private func staged(_ state: inout State) throws -> StagedObjects {
        let staged = try state.staged ?? StagedObjects(in: objects)
        state.staged = staged
        return staged
    }

    /// Sends the pack away to be made durable.
    private func finishPack(_ state: inout State) {
        guard let pack = state.pack else { return }
        state.pack = nil
        state.packedByteCount += pack.byteCount
        nonisolated(unsafe) let leaving = pack
        finishing.async { [self] in finish(leaving) }
    }

    private func finish(_ pack: PackWriter) {
        do {
            try naming { known.add(packWith: try pack.finish(isPromisor: isPromisor)) }
            state.withLock { $0.pending.subtract(pack.ids) }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }

    /// To be called when no thread writes any more.
    package func finish() throws {
        let (held, isPacking) = state.withLock { state in
            defer {
                state.held = []
                state.heldByteCount = 0
                state.isPacking = false
            }
            return (state.held, state.isPacking)
        }
        if isPacking || isPromisor {
            for (id, kind, content) in held { try content.withUnsafeBytes { try pack(id, kind, $0) } }
        } else if !held.isEmpty {
            try writeLoose(held)
        }
        state.withLock { finishPack(&$0) }
        finishing.sync {}
        state.withLock { $0.staged = nil }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func writeLoose(_ held: [(id: ObjectID, kind: ObjectKind, content: [UInt8])]) throws {
        let staged = try state.withLock { try self.staged(&$0) }
        for (id, kind, content) in held {
            let file = content.withUnsafeBytes { bytes in
                deflaters.with { LooseObject.file(kind, bytes, with: $0) }
            }
            try staged.write(id, file)
        }
        let ids = held.map(\.id)
        try staged.publish(ids)
        for id in ids { known.add(looseObject: id) }
        state.withLock { $0.pending.subtract(ids) }
    }

    private func naming(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            throw error is Errno ? FileError("write to the store", objects.appending("pack"), error) : error
        }
    }
}
