package import AmphoraObjects
package import AmphoraPack
package import SystemPackage

/// The files of objects that nobody may see yet, in a folder that `git prune` takes for a temporary one.
///
/// An object gets its name only when its bytes are on the disk. So an object that has its name can be
/// trusted, and a put that dies leaves this folder only, which the next one removes.
package final class StagedObjects: Sendable {
    /// Git's own name for such folders: see `tmp-objdir.c`.
    static let prefix = "tmp_objdir-amphora-"

    private let objects: FilePath
    private let folder: LockedFolder

    /// - Parameter objects: The folder `objects` of a repository.
    /// - Throws: ``FileError``.
    package init(in objects: FilePath) throws {
        self.objects = objects
        LockedFolder.removeStale(in: objects, among: try objects.folderEntries(), prefix: Self.prefix)
        folder = try LockedFolder(in: objects, prefix: Self.prefix)
    }

    /// Begins a pack; one at a time of each number.
    package func makePack(number: Int) throws -> PackWriter {
        try PackWriter(in: objects.appending("pack"), by: folder.path.appending("pack\(number)"))
    }

    /// Writes the file of a loose object.
    package func write(_ id: ObjectID, _ file: [UInt8]) throws {
        let path = folder.path.appending("\(id)")
        do {
            let descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            _ = try descriptor.closeAfter { try descriptor.writeAll(file) }
        } catch {
            throw FileError("write to the store", path, error)
        }
    }

    /// Makes loose objects durable, then gives them their names.
    package func publish(_ ids: [ObjectID]) throws {
        // The file system brings together what is asked of it at the same time.
        try Parallel.forEach(ids.count, workers: 16) { try folder.path.appending("\(ids[$0])").syncToDisk() }
        var folders: Set<FilePath> = []
        for id in ids {
            let target = objects.looseObject(id)
            let parent = target.removingLastComponent()
            if folders.insert(parent).inserted { try parent.makeSharedFolders() }
            try folder.path.appending("\(id)").rename(to: target)
        }
        if !ids.isEmpty { folders.insert(objects) }
        let changed = Array(folders)
        try Parallel.forEach(changed.count, workers: 16) { try changed[$0].syncToDisk() }
    }
}
