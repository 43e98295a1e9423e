import AmphoraChunking
import AmphoraObjects
import AmphoraPack
import Dispatch
import Synchronization
import SystemPackage

/// Stores big files, each over all cores: a file is cut in sequence, and what comes after is not.
///
/// Any number of threads may bring files. They wait while all blocks are in use, so that memory is bounded.
final class ChunkPipeline<Writer: ObjectWriter>: Sendable {
    private let writer: Writer
    private let blocks: BlockPool
    /// Serial queues have threads of their own, however many others wait.
    private let storing: [DispatchQueue]

    init(_ writer: Writer, workers: Int) {
        self.writer = writer
        blocks = BlockPool(count: min(2 * workers + 4, 96))
        storing = (0..<workers).map { DispatchQueue(label: "amphora.storing.\($0)") }
    }

    /// Stores a file in chunks.
    ///
    /// - Parameters:
    ///   - descriptor: The file, open and at its beginning.
    ///   - isExecutable: What the marker is to say.
    ///   - onBytes: Told of each block's length when it was read.
    /// - Returns: The file's tree, and its length in bytes.
    /// - Throws: `Errno` from reading; what the writer throws.
    func store(
        _ descriptor: FileDescriptor, isExecutable: Bool, onBytes: (Int) -> Void
    ) throws -> (treeID: TreeID, byteCount: Int) {
        let file = BlockSequence(writer)
        // Nobody works for this file any more when this returns, however it ends.
        defer { file.wait() }
        var chunks = ChunkReader(descriptor)
        var byteCount = 0
        var number = 0
        while true {
            let loan = blocks.borrow()
            guard try chunks.fill(loan.block) else { break }
            let count = loan.block.bytes.count
            try file.store(loan, number, on: storing[number % storing.count])
            onBytes(count)
            byteCount += count
            number += 1
        }
        return (try file.finish(isExecutable: isExecutable, byteCount: byteCount), byteCount)
    }
}

/// The blocks of one file on their way into the store.
private final class BlockSequence<Writer: ObjectWriter>: Sendable {
    private let writer: Writer
    private let work = DispatchGroup()
    private let hashing = DispatchQueue(label: "amphora.hashing")
    private let hasher = Mutex(FileHasher())
    private let state = Mutex(State())

    private struct State {
        var groups = ChunkGroups()
        /// The chunks of blocks that were stored before the block `nextNumber`.
        var early: [Int: [BlobID]] = [:]
        var nextNumber = 0
        var failure: (any Error)?
    }

    init(_ writer: Writer) { self.writer = writer }

    /// Stores a block's chunks on a queue, and hashes it beside, in the order of these calls.
    ///
    /// - Throws: The first failure of an earlier block.
    func store(_ loan: BlockPool.Loan, _ number: Int, on queue: DispatchQueue) throws {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        hashing.async(group: work) { self.hasher.withLock { $0.update(loan.block.bytes) } }
        queue.async(group: work) {
            do {
                try self.storeChunks(of: loan.block, number)
            } catch {
                self.state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    private func storeChunks(of block: ChunkBlock, _ number: Int) throws {
        guard state.withLock({ $0.failure == nil }) else { return }
        let bytes = block.bytes
        let chunkIDs = try block.chunks.map {
            BlobID(try writer.write(UnsafeRawBufferPointer(rebasing: bytes[$0]), as: .blob))
        }
        try state.withLock { state in
            state.early[number] = chunkIDs
            while let chunkIDs = state.early.removeValue(forKey: state.nextNumber) {
                for id in chunkIDs { try state.groups.append(id, to: writer) }
                state.nextNumber += 1
            }
        }
    }

    func wait() { work.wait() }

    /// Writes the file's tree when all blocks are stored.
    func finish(isExecutable: Bool, byteCount: Int) throws -> TreeID {
        wait()
        let sha256 = hasher.withLock { $0.finalize() }
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            let marker = ChunkedFile(isExecutable: isExecutable, sha256: sha256, byteCount: byteCount)
            return try state.groups.finish(marker, in: writer)
        }
    }
}
