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
        let currentFolder = FilePath(store.surroundings.currentFolder())
        let paths = files.map { $0.path.absolute(in: currentFolder).bytes }
        let known = knownFiles(paths)
        let state = Mutex(
            Progress(
                activity: "storing", fileCount: 0, totalFileCount: files.count, byteCount: 0,
                totalByteCount: files.reduce(0) { $0 + $1.status.byteCount }))
        let ingester = FileIngester(writer)
        let results = try Parallel.map(Array(files.indices)) { index in
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
                return (file: file, isKnown: true)
            }
            let file = try ingester.ingest(files[index]) { advance(0, $0) }
            advance(1, 0)
            return (file: file, isKnown: false)
        }
        return (
            results.map(\.file),
            {
                remember(
                    zip(paths, zip(files, results)).filter { !$1.1.isKnown }.map { ($0, $1.0, $1.1.file) })
            }
        )
    }

    /// What the cache knows: few files are looked up one by one, many below the folder that they share.
    private func knownFiles(_ paths: [[UInt8]]) -> [[UInt8]: StatCache.StoredStatus] {
        guard paths.count > 200, var shared = paths.first?[...] else {
            return paths.reduce(into: [:]) { $0[$1] = store.cache.entry(of: FilePath(bytes: $1)) }
        }
        for path in paths where !path.starts(with: shared) {
            shared = shared.prefix(zip(shared, path).prefix { $0 == $1 }.count)
        }
        return store.cache.entries(
            below: FilePath(bytes: shared[...(shared.lastIndex(of: UInt8(ascii: "/")) ?? 0)]))
    }

    /// Whether all of the file is in the store still: somebody may have tidied up with git.
    private func isStored(_ file: StoredFile) throws -> Bool {
        guard try writer.contains(file.id) else { return false }
        guard file.mode == .directory else { return true }
        let chunkIDs = try store.pool.with { try? FileTree($0).chunkIDs(of: TreeID(file.id)) }
        return try chunkIDs?.allSatisfy { try writer.contains($0.objectID) } == true
    }

    private func remember(_ files: [(path: [UInt8], source: SourceFile, stored: StoredFile)]) {
        let now = FileStatus.now()
        store.cache.record(
            files.compactMap { path, source, stored in
                source.status.isRacy(at: now)
                    ? nil : (path, StatCache.Entry(status: source.status, file: stored))
            })
    }
}
