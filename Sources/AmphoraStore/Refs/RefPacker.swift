package import AmphoraGit
import AmphoraObjects
import SystemPackage

/// Moves refs from files of their own into git's file `packed-refs`.
///
/// As `git pack-refs` does it, so that no racing update is lost: a ref's own file goes only while the ref is
/// locked and holds what was packed. Not through libgit2, which reads the old `packed-refs` before it locks it.
package struct RefPacker {
    private let repository: Repository
    private let folder: FilePath

    package init(_ repository: Repository) {
        self.repository = repository
        folder = FilePath(repository.path)
    }

    private static let lockSuffix = Array(".lock".utf8)

    /// The names of refs that have files of their own.
    package func looseNames() throws -> [[UInt8]] {
        try folder.appending("refs").filesBelow().map { Array("refs/".utf8) + $0 }
            .filter { !$0.suffix(Self.lockSuffix.count).elementsEqual(Self.lockSuffix) }
    }

    /// Packs all refs that can be read.
    ///
    /// - Returns: How many files of refs are gone; 0 if another process is packing.
    /// - Throws: ``FileError``.
    package func pack() throws -> Int {
        try removeStaleLocks()
        let file = PackedRefTable.file(of: repository)
        guard let lock = try LockFile(file) else { return 0 }
        let loose = try withExtendedLifetime(lock) {
            var table = try PackedRefTable(repository)
            var loose: [[UInt8]: ObjectID] = [:]
            for name in try looseNames() {
                // A symbolic ref cannot be packed. One that points at nothing stays where `verify` finds it.
                guard let id = looseTarget(of: name), (try? table.set(name, to: id)) != nil else { continue }
                loose[name] = id
            }
            if !loose.isEmpty { try table.store() }
            return loose
        }
        return loose.reduce(0) { $0 + (removeFile(of: $1.key, ifStill: $1.value) ? 1 : 0) }
    }

    /// Removes the locks that killed processes left.
    private func removeStaleLocks() throws {
        let names = try folder.appending("refs").filesBelow().map {
            folder.appending("refs").appending(bytes: $0)
        }
        for path in names + [
            FilePath("\(PackedRefTable.file(of: repository)).lock"), folder.appending("HEAD.lock"),
        ]
        where path.bytes.suffix(Self.lockSuffix.count).elementsEqual(Self.lockSuffix) {
            StaleLock.remove(path.string, in: folder.string)
        }
    }

    private func looseTarget(of name: [UInt8]) -> ObjectID? {
        (try? folder.appending(bytes: name).readAll())?.withUnsafeBytes { LooseRef.target(in: $0) }
    }

    /// - Returns: `false` if the ref was moved meanwhile, or somebody is moving it.
    private func removeFile(of name: [UInt8], ifStill id: ObjectID) -> Bool {
        let path = folder.appending(bytes: name)
        return withExtendedLifetime(try? LockFile(path)) { lock in
            guard lock != nil, looseTarget(of: name) == id else { return false }
            return (try? path.removeFile()) != nil
        }
    }
}
