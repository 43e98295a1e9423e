import AmphoraGit
import AmphoraObjects
import AmphoraStore
import Synchronization
import SystemPackage

/// Stores many files at once, without reading those that the stat cache knows.
struct CachedIngest: Sendable {
    let store: Store
    let writer: PackingObjectWriter
    let files: [(path: [UInt8], source: SourceFile)]
    let progress: Progress.Handler?

    /// Stores the files.
    ///
    /// - Returns: What was stored for each file, in their order; and what tells the stat cache, for when it
    ///   is durable.
    /// - Throws: What reading and writing throw.
    func run() throws -> (stored: [StoredFile], remember: () -> Void) {
        let currentFolder = FilePath(store.surroundings.currentFolder())
        let key = { @Sendable (file: SourceFile) in file.path.absolute(in: currentFolder).bytes }
        let known = knownFiles(key)
        let state = Mutex(
            Progress(
                activity: "storing", fileCount: 0, totalFileCount: files.count, byteCount: 0,
                totalByteCount: files.reduce(0) { $0 + $1.source.status.byteCount }))
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
            let source = files[index].source
            if let file = known[key(source)]?.file(if: source.status), try isStored(file) {
                advance(1, file.byteCount)
                return (file: file, isKnown: true)
            }
            let file = try ingester.ingest(source) { advance(0, $0) }
            advance(1, 0)
            return (file: file, isKnown: false)
        }
        let remember = {
            let now = FileStatus.now()
            store.cache.record(
                zip(files, results).lazy.compactMap { file, result in
                    result.isKnown || file.source.status.isRacy(at: now)
                        ? nil
                        : (key(file.source), StatCache.Entry(status: file.source.status, file: result.file))
                })
        }
        return (results.map(\.file), remember)
    }

    /// What the cache knows: few files are looked up one by one, many below the folder that they share.
    private func knownFiles(_ key: (SourceFile) -> [UInt8]) -> [[UInt8]: StatCache.StoredStatus] {
        guard files.count > 200 else {
            return files.reduce(into: [:]) { known, file in
                let path = key(file.source)
                known[path] = store.cache.entry(of: FilePath(bytes: path))
            }
        }
        var shared = key(files[0].source)[...]
        for file in files {
            let path = key(file.source)
            guard !path.starts(with: shared) else { continue }
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
}
