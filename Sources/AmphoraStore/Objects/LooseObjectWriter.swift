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

/// Writes a few objects as loose files.
///
/// An object gets its name only when its bytes are on the disk. So an object that has its name can be
/// trusted, and a put that dies leaves files that `git prune` knows as temporary.
package final class LooseObjectWriter: ObjectWriter {
    private let pool: RepositoryPool
    private let objects: FilePath
    private let prefix = "tmp_obj_amphora_\(String(UInt64.random(in: 0...UInt64.max), radix: 36))_"
    /// Written, or being written, and not named yet.
    private let pending = Mutex<Set<ObjectID>>([])

    package init(_ pool: RepositoryPool) {
        self.pool = pool
        objects = FilePath(pool.path).appending("objects")
    }

    deinit {
        for id in pending.withLock({ $0 }) { _ = temporary(id).withPlatformString { unlink($0) } }
    }

    package func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID {
        var hasher = ObjectHasher(kind, byteCount: bytes.count)
        hasher.update(bytes)
        let id = hasher.finalize()
        guard try !pool.with({ $0.contains(id) }), pending.withLock({ $0.insert(id).inserted }) else {
            return id
        }
        let file = try pool.with { LooseObject.file(kind, bytes, with: $0.deflater) }
        try file.withUnsafeBytes { try Self.write($0, to: temporary(id)) }
        return id
    }

    /// To be called when no thread writes any more.
    package func finish() throws {
        let ids = pending.withLock { $0 }
        for id in ids { try temporary(id).syncToDisk() }
        var folders: Set<FilePath> = [objects]
        for id in ids {
            let digits = id.description
            let folder = objects.appending(String(digits.prefix(2)))
            if folders.insert(folder).inserted { try folder.makeFolders() }
            try temporary(id).rename(to: folder.appending(String(digits.dropFirst(2))))
        }
        if !ids.isEmpty { for folder in folders { try folder.syncToDisk() } }
        pending.withLock { $0 = [] }
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
}
