/// A stretch of a file that begins and ends between chunks, and where its chunks are.
///
/// `@unchecked`: one thread at a time fills it, and while any others read it nobody does.
public final class ChunkBlock: @unchecked Sendable {
    /// The most bytes that a block holds.
    public static let capacity = 4 * Chunker.maximum

    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    /// The chunks, in file order, one behind the other from the block's beginning.
    public internal(set) var chunks: [Range<Int>] = []

    public init() {}

    deinit { buffer.deallocate() }

    /// The bytes of all chunks; valid as long as the block lives and is not filled anew.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: buffer[..<(chunks.last?.upperBound ?? 0)])
    }
}
