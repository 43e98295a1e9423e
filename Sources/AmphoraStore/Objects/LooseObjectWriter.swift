package import AmphoraGit
package import AmphoraObjects
package import AmphoraPack
import Synchronization
import SystemPackage

/// Writes objects as loose files, through libgit2.
package final class LooseObjectWriter: ObjectWriter {
    /// Up to this many objects are made durable one by one; for more, the whole file system is asked.
    private static let individualLimit = 128

    private let pool: RepositoryPool
    private let written = Mutex<Set<ObjectID>?>([])

    package init(_ pool: RepositoryPool) { self.pool = pool }

    package func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID {
        let id: ObjectID
        do {
            id = try pool.with { try $0.write(bytes, as: kind) }
        } catch {
            throw StoreNotWritten(path: pool.path, cause: error)
        }
        written.withLock { ids in
            if ids?.count == Self.individualLimit { ids = nil }
            ids?.insert(id)
        }
        return id
    }

    package func finish() throws {
        let ids = written.withLock { ids in
            defer { ids = [] }
            return ids
        }
        let objects = FilePath(pool.path).appending("objects")
        guard let ids else { return try objects.syncFileSystem() }
        var folders: Set<FilePath> = []
        for id in ids {
            let digits = id.description
            let folder = objects.appending(String(digits.prefix(2)))
            // An object that the store had already may be in a pack, which is durable.
            if try folder.appending(String(digits.dropFirst(2))).syncIfPresent() { folders.insert(folder) }
        }
        for folder in folders { _ = try folder.syncIfPresent() }
        if !folders.isEmpty { _ = try objects.syncIfPresent() }
    }
}

/// An object that could not be written.
package struct StoreNotWritten: UserFacingError {
    let path: String
    package let cause: (any Error)?
    package var code: ErrorCode { (cause as? any UserFacingError)?.code ?? .unavailable }
    package var message: String { "cannot write to the store '\(path)'" }
}
