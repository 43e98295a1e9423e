package import AmphoraGit
import AmphoraObjects
import AmphoraPack
import SystemPackage

/// Moves refs from files of their own into git's file `packed-refs`.
///
/// As `git pack-refs` does it, so that no racing update is lost: a ref's own file goes only while the ref is
/// locked and holds what was packed. Not through libgit2, which reads the old `packed-refs` before it locks it.
package struct RefPacker {
    private let repository: Repository
    private let folder: FilePath

    private struct Target: Equatable {
        let id: ObjectID
        /// What an annotated tag stands for.
        var peeledID: ObjectID?

        init(id: ObjectID, peeledID: ObjectID? = nil) {
            self.id = id
            self.peeledID = peeledID == id ? nil : peeledID
        }
    }

    package init(_ repository: Repository) {
        self.repository = repository
        folder = FilePath(repository.path)
    }

    private var file: FilePath { folder.appending("packed-refs") }
    private static let header = Array("# pack-refs with: peeled fully-peeled sorted \n".utf8)
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
        guard let lock = try LockFile(file) else { return 0 }
        var targets: [[UInt8]: Target] = [:]
        for name in try looseNames() {
            guard let id = looseTarget(of: name) else { continue }
            // A ref that points at nothing stays where `verify` finds it.
            guard let peeledID = try? peeled(id) else { continue }
            targets[name] = Target(id: id, peeledID: peeledID)
        }
        guard !targets.isEmpty else { return 0 }
        let loose = targets
        targets.merge(try packedTargets()) { loose, _ in loose }
        try lock.replace(with: encoded(targets))
        return loose.reduce(0) { $0 + (removeFile(of: $1.key, ifStill: $1.value.id) ? 1 : 0) }
    }

    /// Removes the locks that killed processes left.
    private func removeStaleLocks() throws {
        let names = try folder.appending("refs").filesBelow().map {
            folder.appending("refs").appending(bytes: $0)
        }
        for path in names + [FilePath("\(file).lock"), folder.appending("HEAD.lock")]
        where path.bytes.suffix(Self.lockSuffix.count).elementsEqual(Self.lockSuffix) {
            StaleLock.remove(path.string, in: folder.string)
        }
    }

    private func looseTarget(of name: [UInt8]) -> ObjectID? {
        // A symbolic ref stays: it cannot be packed.
        (try? folder.appending(bytes: name).readAll())?.withUnsafeBytes { LooseRef.target(in: $0) }
    }

    private func peeled(_ id: ObjectID) throws -> ObjectID {
        var id = id
        while try repository.kind(of: id) == .tag {
            guard let next = ObjectLinks.targetOfTag(try repository.read(id, as: .tag)) else {
                throw MalformedObject(kind: "tag", reason: "it names no object")
            }
            id = next.id
        }
        return id
    }

    private func packedTargets() throws -> [[UInt8]: Target] {
        guard (try? FileStatus(of: file, followLinks: false)) != nil else { return [:] }
        var targets: [[UInt8]: Target] = [:]
        var last: [UInt8] = []
        let isFullyPeeled = try file.readAll().withUnsafeBytes { bytes in
            try PackedRefs.read(bytes) { name, id in
                last = Array(name)
                targets[last] = Target(id: id)
            } peeled: {
                targets[last]?.peeledID = $0
            }
        }
        guard !isFullyPeeled else { return targets }
        return targets.mapValues { Target(id: $0.id, peeledID: try? peeled($0.id)) }
    }

    private func encoded(_ targets: [[UInt8]: Target]) -> [UInt8] {
        var bytes = Self.header
        for (name, target) in targets.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            bytes += Array("\(target.id) ".utf8) + name + [UInt8(ascii: "\n")]
            if let peeledID = target.peeledID { bytes += Array("^\(peeledID)\n".utf8) }
        }
        return bytes
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
