package import AmphoraGit
package import AmphoraObjects
import AmphoraPack
import SystemPackage

extension ReferenceStore {
    /// Makes all changes, or none if one ref does not hold what is expected of it.
    ///
    /// Of a few changes whoever reads meanwhile may see some made and others not; so may who comes after a kill or a
    /// power failure. Many are made at one moment. Symbolic refs are not followed.
    ///
    /// - Parameters:
    ///   - changes: Each ref once.
    ///   - isAtOnce: Whether a few, too, are made at one moment: it takes a new `packed-refs`.
    ///   - reason: One line for the reflogs.
    /// - Throws: ``RefsChanged``, naming the refs that hold something else; ``RefNameTaken``, ``UnusableRef``;
    ///   ``ReferenceContention`` if others keep them locked; ``MissingObject`` for a target that is not here.
    package func apply(_ changes: [RefChange], atOnce isAtOnce: Bool = false, reason: String) throws {
        guard !changes.isEmpty else { return }
        let transaction = try ReferenceTransaction(
            changes, atOnce: isAtOnce, in: repository, reason: reason)
        var contended: RefName?
        for attempt in 1...Self.attempts {
            contended = try repository.whileMovingRefs { try transaction.run() }
            guard let contended else { return }
            // Only now: whoever takes a lock for stale waits until no ref is being moved.
            if removeStaleLock(of: contended) {
                // Who left one left others, too.
                for change in changes { removeStaleLock(of: change.name) }
                removeStaleLock(of: RefName(existing: "packed-refs"))
                continue
            }
            Backoff.sleep(afterAttempt: attempt)
        }
        throw ReferenceContention(name: contended ?? changes[0].name, attempts: Self.attempts)
    }

    /// Removes the ref, whatever it points at, and its reflog.
    ///
    /// - Returns: What it pointed at, or `nil` if there is no such ref.
    /// - Throws: ``ReferenceContention`` if others keep moving it or keep it locked; ``UnusableRef``.
    @discardableResult
    package func delete(_ name: RefName) throws -> ObjectID? {
        for _ in 1...Self.attempts {
            guard let current = try target(of: name) else { return nil }
            do {
                try apply([RefChange(name, from: current, to: nil)], reason: "amphora: rm")
                return current
            } catch {
                guard error is RefsChanged else { throw error }
            }
        }
        throw ReferenceContention(name: name, attempts: Self.attempts)
    }
}

/// Changes of refs that are made all at once, by git's own protocol for its files.
///
/// Each ref is locked by its `.lock`, compared, and moved. A few get files of their own, by rename: if the process
/// dies, each ref holds the old value or the new one. Many, and all if one is packed that goes, are packed as they are,
/// so that their own files, which would count more, can go; then the new `packed-refs` moves all at one moment.
private struct ReferenceTransaction {
    /// More refs than this are packed: a file costs a wait for the disk, however little is in it.
    private static let looseCount = 32

    private let repository: Repository
    private let folder: FilePath
    private let changes: [RefChange]
    /// Whether none gets a file of its own.
    private let isPacking: Bool
    private let reason: String

    init(_ changes: [RefChange], atOnce: Bool, in repository: Repository, reason: String) throws {
        precondition(Set(changes.map(\.name)).count == changes.count, "a ref is to change twice")
        self.repository = repository
        folder = FilePath(repository.path)
        self.changes = changes
        isPacking = changes.count > Self.looseCount || atOnce && changes.count > 1
        self.reason = reason
        if let name = changes.map(\.name).first(where: { !ReferenceStore.isValid($0) }) {
            throw UnusableRef(name: name, reason: "git does not allow the name")
        }
        for target in Set(changes.compactMap(\.target)) { _ = try repository.kind(of: target) }
    }

    private var removed: [RefChange] { changes.filter { $0.target == nil } }
    private var created: [RefChange] { changes.filter { $0.expected == nil && $0.target != nil } }

    /// Tries once.
    ///
    /// - Returns: A ref that somebody else has locked, or `nil` if all is done.
    func run() throws -> RefName? {
        var locks: [RefName: LockFile] = [:]
        var packedLock: LockFile?
        var abandoned = changes
        defer {
            withExtendedLifetime(packedLock) { locks = [:] }
            removeEmptyFolders(of: abandoned)
        }
        try makeFolders()
        // In an order that is everybody's, so that of two one gets all.
        for change in changes.sorted(by: { $0.name < $1.name }) {
            let first = isPacking ? locks.values.first : nil
            guard let lock = try lock(change, sharing: first) else { return change.name }
            locks[change.name] = lock
        }
        if !removed.isEmpty || isPacking {
            // For removals too that are not packed: somebody might be packing them.
            packedLock = try LockFile(PackedRefTable.file(of: repository), isMovingRefs: true)
            if packedLock == nil { return RefName(existing: "packed-refs") }
        }
        // Only now: what is packed meanwhile is seen here, and nobody removes the file of a locked ref.
        var packed = try PackedRefTable(repository)
        let loose = try check(against: packed)
        try checkNames(packed)
        if isPacking || removed.contains(where: { packed[$0.name.bytes] != nil }) {
            // What a ref pointed at is kept for a while by its log. For thousands of new refs there is nothing to keep.
            try log { $0.expected != nil || $0.name.rawValue.hasPrefix(RefName.aliases) }
            let rest = try pack(changes.filter { loose.contains($0.name) }, in: &packed)
            for change in changes { try packed.set(change.name.bytes, to: change.target) }
            try packed.store()
            try removeFiles(of: rest)
        } else {
            let moved = changes.filter { $0.target != nil }
            // The file system brings together what is asked of it at the same time.
            nonisolated(unsafe) let files = moved.compactMap { change in
                change.target.flatMap { target in
                    locks[change.name].map { (lock: $0, bytes: Array("\(target)\n".utf8)) }
                }
            }
            try Parallel.forEach(files.count, workers: 16) { try files[$0].lock.write(files[$0].bytes) }
            try log { _ in true }
            for (change, file) in zip(moved, files) {
                path(of: change).removeEmptyFolders()
                try file.lock.commit()
            }
            try sync(moved)
            try removeFiles(of: removed)
        }
        for change in removed { try Reflogs(in: folder).remove(change.name) }
        abandoned = removed
        return nil
    }

    /// Packs refs as they are, so that they have no files of their own.
    ///
    /// - Returns: Those that keep theirs: one that points at nothing cannot be packed.
    private func pack(_ changes: [RefChange], in table: inout PackedRefTable) throws -> [RefChange] {
        let packed = changes.filter { (try? table.set($0.name.bytes, to: $0.expected)) != nil }
        guard !packed.isEmpty else { return changes }
        try table.store()
        try removeFiles(of: packed)
        let names = Set(packed.map(\.name))
        return changes.filter { !names.contains($0.name) }
    }

    private static func folders(of name: [UInt8]) -> some Sequence<ArraySlice<UInt8>> {
        name.indices.lazy.filter { name[$0] == UInt8(ascii: "/") }.map { name[..<$0] }
    }

    private func path(of change: RefChange) -> FilePath { folder.appending(bytes: change.name.bytes) }

    /// - Returns: `nil` if somebody else has it.
    private func lock(_ change: RefChange, sharing first: LockFile?) throws -> LockFile? {
        do {
            return try LockFile(path(of: change), sharing: first, isMovingRefs: true)
        } catch {
            // Somebody has just removed the empty folder.
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    /// Makes the folders that refs are to be in.
    private func makeFolders() throws {
        // Those around others first.
        for (name, ref) in folders(of: changes).sorted(by: { $0.key.count < $1.key.count }) {
            let path = folder.appending(bytes: name)
            switch (try? FileStatus(of: path, followLinks: false))?.kind {
            case nil: try path.makeSharedFolders()
            case .folder: break
            case .file: throw RefNameTaken(name: ref)
            // What lies behind a link is not the repository's. Git may have made one of `refs` itself.
            default:
                if name.count > 4 { throw UnusableRef(name: ref, reason: "a folder on its way is a link") }
            }
        }
    }

    /// The folders that hold refs, and those around them, each with a ref.
    private func folders(of changes: [RefChange]) -> [[UInt8]: RefName] {
        var folders: [[UInt8]: RefName] = [:]
        for change in changes {
            for folder in Self.folders(of: change.name.bytes) { folders[Array(folder)] = change.name }
        }
        return folders
    }

    /// Compares all refs with what is expected of them.
    ///
    /// - Returns: Those that have files of their own.
    private func check(against packed: PackedRefTable) throws -> Set<RefName> {
        var loose: Set<RefName> = []
        var others: [RefName] = []
        for change in changes {
            var current = packed[change.name.bytes]
            let path = path(of: change)
            switch (try? FileStatus(of: path, followLinks: false))?.kind {
            case nil, .folder: break
            case .file:
                guard let target = try path.readAll().withUnsafeBytes({ LooseRef.target(in: $0) }) else {
                    throw UnusableRef(name: change.name, reason: "it is symbolic or malformed")
                }
                current = target
                loose.insert(change.name)
            default: throw UnusableRef(name: change.name, reason: "it is no plain file")
            }
            if current != change.expected { others.append(change.name) }
        }
        guard others.isEmpty else { throw RefsChanged(names: others) }
        return loose
    }

    /// Checks that no new ref is to be where others have a folder, nor the other way round.
    private func checkNames(_ packed: PackedRefTable) throws {
        let new = Dictionary(created.map { ($0.name.bytes, $0.name) }) { first, _ in first }
        guard !new.isEmpty else { return }
        for (bytes, name) in new {
            for folder in Self.folders(of: bytes) where packed[Array(folder)] != nil {
                throw RefNameTaken(name: name)
            }
            let files = try folder.appending(bytes: bytes).filesBelow()
            guard files.allSatisfy({ $0.suffix(5).elementsEqual(".lock".utf8) }) else {
                throw RefNameTaken(name: name)
            }
        }
        for bytes in Array(packed.names) + Array(new.keys) {
            for folder in Self.folders(of: bytes) {
                if let name = new[Array(folder)] { throw RefNameTaken(name: name) }
            }
        }
    }

    private func log(_ isWanted: (RefChange) -> Bool) throws {
        let log = try Reflogs.Writer(repository, reason: reason)
        for change in changes where change.target != nil && isWanted(change) { try log.append(change) }
    }

    private func removeFiles(of changes: [RefChange]) throws {
        for change in changes { try path(of: change).removeFile() }
        try sync(changes)
    }

    /// Makes the folders durable that hold the refs, and what holds those.
    private func sync(_ changes: [RefChange]) throws {
        let all = folders(of: changes).keys.map { folder.appending(bytes: $0) }
        // Empty ones may be gone: git removes them when it packs refs.
        try Parallel.forEach(all.count, workers: 16) { if all[$0].isFolder { try all[$0].syncToDisk() } }
    }

    /// Removes folders of refs that are empty; `refs/heads` and the like stay.
    private func removeEmptyFolders(of changes: [RefChange]) {
        for name in folders(of: changes).keys.sorted(by: { $0.count > $1.count })
        where name.count(where: { $0 == UInt8(ascii: "/") }) > 1 {
            folder.appending(bytes: name).removeIfEmpty()
        }
    }
}
