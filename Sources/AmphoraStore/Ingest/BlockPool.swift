import AmphoraChunking
import Dispatch
import Synchronization

/// The blocks that big files are read into: whoever needs one waits while all are in use.
final class BlockPool: Sendable {
    /// A block, until nobody holds this any more.
    final class Loan: Sendable {
        let block: ChunkBlock
        private let pool: BlockPool

        fileprivate init(_ block: ChunkBlock, of pool: BlockPool) {
            self.block = block
            self.pool = pool
        }

        deinit {
            pool.free.withLock { $0.append(block) }
            pool.available.signal()
        }
    }

    private let free = Mutex<[ChunkBlock]>([])
    private let available: DispatchSemaphore

    init(count: Int) { available = DispatchSemaphore(value: count) }

    func borrow() -> Loan {
        available.wait()
        return Loan(free.withLock { $0.popLast() } ?? ChunkBlock(), of: self)
    }
}
