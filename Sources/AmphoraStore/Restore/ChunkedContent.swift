import AmphoraGit
import AmphoraObjects
import AmphoraPack

/// The chunks of a file and where each lies in it, so that any number of threads can restore it.
struct ChunkedContent: Sendable {
    private let treeID: TreeID
    private let marker: ChunkedFile
    private let pool: RepositoryPool
    private let ids: [ObjectID]
    /// Where each chunk begins, and the end of the last.
    private let offsets: [Int]
    /// Which chunks are read, hashed and written at once.
    private let runs: [Range<Int>]

    /// Large writes cost the file system a third of what small ones do.
    private static let runCount = 1 << 20

    /// Looks the chunks up.
    ///
    /// - Throws: ``DamagedFile`` if they are not as long together as the marker says.
    init(_ treeID: TreeID, _ marker: ChunkedFile, in pool: RepositoryPool, workers: Int) throws {
        let ids = try pool.with { try FileTree($0).chunkIDs(of: treeID).map(\.objectID) }
        let parts = stride(from: 0, to: ids.count, by: 1024).map { $0..<min($0 + 1024, ids.count) }
        let lengths = try Parallel.map(parts, workers: workers) { part in
            try pool.with { repository in try part.map { try repository.byteCount(of: ids[$0]) } }
        }
        var offsets = [0]
        offsets.reserveCapacity(ids.count + 1)
        var runs: [Range<Int>] = []
        var first = 0
        for length in lengths.joined() {
            let (end, isTooLong) = offsets[offsets.count - 1].addingReportingOverflow(length)
            guard !isTooLong else { throw DamagedFile(treeID: treeID) }
            offsets.append(end)
            guard end - offsets[first] >= Self.runCount || offsets.count > ids.count else { continue }
            runs.append(first..<(offsets.count - 1))
            first = offsets.count - 1
        }
        guard offsets.last == marker.byteCount else { throw DamagedFile(treeID: treeID) }
        self.treeID = treeID
        self.marker = marker
        self.pool = pool
        self.ids = ids
        self.offsets = offsets
        self.runs = runs
    }

    /// Writes the content into a file, on several threads.
    ///
    /// The SHA-256 of the whole, which the tree vouches for, verifies the chunks: their own hashes would cost as
    /// much again. They are asked where it is wrong.
    ///
    /// - Parameters:
    ///   - file: Empty.
    ///   - workers: Threads at most.
    ///   - onBytes: Told of the length of what is written.
    /// - Throws: ``DamagedFile``, what is wrong with a chunk, or ``FileError``.
    func write(to file: PartialFile, workers: Int, onBytes: @Sendable (Int) -> Void) throws {
        try file.resize(to: marker.byteCount)
        let hasher = OrderedHasher()
        try Parallel.forEach(runs.count, workers: workers) { number in
            do {
                try write(runs[number], to: file) { try hasher.add(number, $0) }
            } catch {
                hasher.fail(error)
                throw error
            }
            onBytes(offsets[runs[number].upperBound] - offsets[runs[number].lowerBound])
        }
        guard hasher.digest == marker.sha256 else {
            try Parallel.forEach(ids.count, workers: workers) { index in
                try pool.with { try $0.withObject(ids[index], as: .blob) { _ in } }
            }
            throw DamagedFile(treeID: treeID)
        }
    }

    private func write(
        _ run: Range<Int>, to file: PartialFile, hashing: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let start = offsets[run.lowerBound]
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: offsets[run.upperBound] - start, alignment: 64)
        defer { buffer.deallocate() }
        let parts = try pool.with { try read(run, from: $0, into: buffer) }
        for part in parts {
            try file.write(
                UnsafeRawBufferPointer(
                    rebasing: buffer[(part.lowerBound - start)..<(part.upperBound - start)]),
                at: part.lowerBound)
        }
        try hashing(UnsafeRawBufferPointer(buffer))
    }

    /// Reads a run.
    ///
    /// - Returns: Where in the file there is something but zeros.
    private func read(
        _ run: Range<Int>, from repository: Repository, into buffer: UnsafeMutableRawBufferPointer
    ) throws -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var zeroID: ObjectID?
        let start = offsets[run.lowerBound]
        for index in run {
            let place = offsets[index]..<offsets[index + 1]
            let room = UnsafeMutableRawBufferPointer(
                rebasing: buffer[(place.lowerBound - start)..<(place.upperBound - start)])
            if ids[index] == zeroID {
                room.initializeMemory(as: UInt8.self, repeating: 0)
                continue
            }
            try repository.readUnverified(ids[index], as: .blob, into: room)
            if room.allSatisfy({ $0 == 0 }) {
                zeroID = ids[index]
            } else if let last = parts.last, last.upperBound == place.lowerBound {
                parts[parts.count - 1] = last.lowerBound..<place.upperBound
            } else {
                parts.append(place)
            }
        }
        return parts
    }
}
