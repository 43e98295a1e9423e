import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

/// Stores many files at once, without reading those that the stat cache knows.
struct CachedIngest: Sendable {
    let store: Store
    let writer: PackingObjectWriter
    /// Sorted by their paths in the version.
    let files: [(key: [UInt8], value: SourceFile)]
    let progress: Progress.Handler?

    /// So many files are looked up at once: what the cache knows of all of them might be large.
    private static let sliceCount = 1 << 14
    /// Up to so many are looked up one by one.
    private static let fewCount = 200

    /// A file in the store, and whether the cache knew it.
    struct Ingested {
        let file: StoredFile
        fileprivate let isKnown: Bool
    }

    /// Stores the files.
    ///
    /// - Returns: What was stored for each file, in their order; and what tells the stat cache, for when it
    ///   is durable.
    /// - Throws: What reading and writing throw.
    func run() throws -> (ingested: [Ingested], remember: () -> Void) {
        let currentFolder = FilePath(store.surroundings.currentFolder())
        let path = { @Sendable (index: Int) in files[index].value.path.absolute(in: currentFolder).bytes }
        let meter = ProgressMeter(
            "storing", fileCount: files.count,
            byteCount: files.reduce(0) { $0 + $1.value.status.byteCount }, progress)
        let ingester = FileIngester(writer)
        var ingested: [Ingested] = []
        ingested.reserveCapacity(files.count)
        for start in stride(from: 0, to: files.count, by: Self.sliceCount) {
            let slice = start..<min(start + Self.sliceCount, files.count)
            let known = knownFiles(slice.map(path))
            ingested += try Parallel.map(Array(slice)) { index in
                let source = files[index].value
                if let file = known[path(index)]?.file(if: source.status), try isStored(file) {
                    meter.add(files: 1, bytes: file.byteCount)
                    return Ingested(file: file, isKnown: true)
                }
                let file = try ingester.ingest(source) { meter.add(bytes: $0) }
                meter.add(files: 1)
                return Ingested(file: file, isKnown: false)
            }
        }
        let all = ingested
        let remember = {
            let now = FileStatus.now()
            store.cache.record(
                files.indices.lazy.filter { !all[$0].isKnown && !files[$0].value.status.isRacy(at: now) }
                    .map { (path($0), StatCache.Entry(status: files[$0].value.status, file: all[$0].file)) })
        }
        return (all, remember)
    }

    /// What the cache knows.
    private func knownFiles(_ paths: [[UInt8]]) -> [[UInt8]: StatCache.StoredStatus] {
        guard paths.count > Self.fewCount else {
            return paths.reduce(into: [:]) { $0[$1] = store.cache.entry(of: FilePath(bytes: $1)) }
        }
        let bounds = paths.dropFirst().reduce((first: paths[0], last: paths[0])) { bounds, path in
            if path.lexicographicallyPrecedes(bounds.first) { return (path, bounds.last) }
            return bounds.last.lexicographicallyPrecedes(path) ? (bounds.first, path) : bounds
        }
        return store.cache.entries(from: bounds.first, through: bounds.last)
    }

    /// Whether all of the file is in the store still: somebody may have tidied up with git.
    private func isStored(_ file: StoredFile) throws -> Bool {
        guard try writer.contains(file.id) else { return false }
        guard file.mode == .directory else { return true }
        let chunkIDs = try store.pool.with { try? FileTree($0).chunkIDs(of: TreeID(file.id)) }
        return try chunkIDs?.allSatisfy { try writer.contains($0.objectID) } == true
    }
}
