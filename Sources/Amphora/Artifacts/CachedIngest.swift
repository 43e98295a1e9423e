import AmphoraGit
import AmphoraObjects
import AmphoraStore
import Synchronization
import SystemPackage

/// Stores many files at once, without reading those that the stat cache knows.
struct CachedIngest: Sendable {
    let store: Store
    let writer: PackingObjectWriter
    let files: [SourceFile]
    let progress: Progress.Handler?

    /// Stores the files.
    ///
    /// - Returns: What was stored for each file, in their order; and what tells the stat cache, for when it
    ///   is durable.
    /// - Throws: What reading and writing throw.
    func run() throws -> (stored: [StoredFile], remember: () -> Void) {
        let paths = files.map { store.absolute($0.path.string).bytes }
        let known = knownFiles(paths)
        let state = Mutex(
            Progress(
                activity: "storing", fileCount: 0, totalFileCount: files.count, byteCount: 0,
                totalByteCount: files.reduce(0) { $0 + $1.status.byteCount }))
        let ingester = FileIngester(writer)
        let stored = try Parallel.map(Array(files.indices)) { index in
            let advance = { (files: Int, bytes: Int) in
                guard let progress else { return }
                progress(
                    state.withLock { state in
                        state.fileCount += files
                        state.byteCount += bytes
                        return state
                    })
            }
            if let file = known[paths[index]]?.file(if: files[index].status), try isStored(file) {
                advance(1, file.byteCount)
                return file
            }
            let file = try ingester.ingest(files[index]) { advance(0, $0) }
            advance(1, 0)
            return file
        }
        return (stored, { remember(paths, stored) })
    }

    /// What the cache knows: few files are looked up one by one, many below the folder that they share.
    private func knownFiles(_ paths: [[UInt8]]) -> [[UInt8]: StatCache.StoredStatus] {
        guard paths.count > 200, let first = paths.first else {
            return paths.reduce(into: [:]) { $0[$1] = store.cache.entry(of: FilePath(bytes: $1)) }
        }
        var folder = FilePath(bytes: first).removingLastComponent()
        for path in paths.dropFirst() {
            while !path.starts(with: folder.bytes + [UInt8(ascii: "/")]), folder.removeLastComponent() {}
        }
        return store.cache.entries(below: folder)
    }

    /// Whether all of the file is in the store still: somebody may have tidied up with git.
    private func isStored(_ file: StoredFile) throws -> Bool {
        try store.pool.with { repository in
            guard repository.contains(file.id) else { return false }
            guard file.mode == .directory else { return true }
            let chunkIDs = try? FileTree(repository).chunkIDs(of: TreeID(file.id))
            return chunkIDs?.allSatisfy { repository.contains($0.objectID) } == true
        }
    }

    private func remember(_ paths: [[UInt8]], _ stored: [StoredFile]) {
        let now = FileStatus.now()
        store.cache.record(
            zip(paths, zip(files, stored)).compactMap { path, pair in
                let (file, stored) = pair
                return file.status.isRacy(at: now)
                    ? nil : (path, StatCache.Entry(status: file.status, file: stored))
            })
    }
}
