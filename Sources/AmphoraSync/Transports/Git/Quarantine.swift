import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore
import SystemPackage

/// What a remote sent, until it is known that it does no harm.
///
/// Git has checked that packs are whole and that objects have the form that it asks for. Here they are held
/// against what was asked for, and against the rules for names of files.
struct Quarantine {
    private let repository: TransferRepository

    init(_ repository: TransferRepository) { self.repository = repository }

    /// Checks all, then moves it into the store.
    ///
    /// - Parameters:
    ///   - wants: What was asked for.
    ///   - store: Where it goes.
    /// - Returns: How much it is.
    /// - Throws: ``NotOnRemote``, ``HostileObject``, ``FileError``; then the store is as it was.
    func admit(_ wants: Wants, into store: Store) throws -> TransferSize {
        // Git has noted in the configuration that the remote filters, in a way that not every library knows.
        try repository.writeSettings()
        var names = try repository.packs.folderEntries().map { String(decoding: $0, as: UTF8.self) }
        let indexes = names.filter { $0.hasSuffix(".idx") }.map { repository.packs.appending($0) }
        let packs = try indexes.map { try PackReader(index: $0) }
        let opened = try Repository(path: repository.path.string)
        try checkWanted(wants, in: opened)
        for pack in packs { try checkTrees(of: pack, in: opened) }
        if try store.pool.with(\.isPartial) { names += try promise(names) }
        try store.whileWriting {
            for index in indexes {
                try move(index, among: names, into: store.layout.objects.appending("pack"))
            }
            store.pool.refresh()
        }
        return packs.reduce(into: TransferSize()) { size, pack in
            size += TransferSize(objectCount: pack.index.count, byteCount: pack.byteCount)
        }
    }

    /// Marks packs as promised that are not: in a light store content has to be, too.
    ///
    /// What only promised trees name is dropped by git's gc, unless it is promised itself.
    ///
    /// - Returns: The names of the marks.
    private func promise(_ names: [String]) throws -> [String] {
        let marks = names.filter { $0.hasSuffix(".idx") }.map { "\($0.dropLast(4)).promisor" }
            .filter { !names.contains($0) }
        for mark in marks { try repository.packs.appending(mark).write("") }
        return marks
    }

    private func checkWanted(_ wants: Wants, in repository: Repository) throws {
        let missing = wants.ids.filter { !repository.contains($0, mayBeStale: true) }
        guard missing.isEmpty else { throw NotOnRemote(ids: missing) }
    }

    private func checkTrees(of pack: PackReader, in repository: Repository) throws {
        let reader = EntryReader()
        for entry in try pack.entries() {
            // A delta's kind is that of what it is on.
            let kind = try reader.entry(at: entry.offset, in: pack)?.kind ?? repository.kind(of: entry.id)
            guard kind == .tree else { continue }
            do {
                try FileTree.checkNames(repository.read(entry.id, as: .tree))
            } catch {
                throw HostileObject(id: entry.id, cause: error)
            }
        }
    }

    /// Moves the files of a pack, its index last: that is what makes it seen.
    private func move(_ index: FilePath, among names: [String], into folder: FilePath) throws {
        let base = (index.lastComponent?.string ?? "").dropLast(4)
        let files = ["promisor", "rev", "pack", "idx"].map { "\(base).\($0)" }.filter(names.contains)
        for name in files { try repository.packs.appending(name).syncToDisk() }
        for name in files {
            try repository.packs.appending(name).rename(to: folder.appending(name))
            if name.hasSuffix(".promisor") { try folder.syncToDisk() }
        }
        try folder.syncToDisk()
    }
}

/// An object of a remote that must not enter a store.
struct HostileObject: UserFacingError {
    let id: ObjectID
    let cause: (any Error)?

    var code: ErrorCode { .corrupt }
    var message: String {
        "the remote sent an object \(id) that must not be; nothing was taken from it"
    }
    var hint: String? { "Ask who runs the remote where it came from." }
}
