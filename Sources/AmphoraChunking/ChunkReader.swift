public import SystemPackage

/// Reads a file as a sequence of chunks, a block of them at a time, whatever the file's size.
///
/// The blocks are the caller's, who may still work on some while the next is filled.
public struct ChunkReader: ~Copyable {
    private let descriptor: FileDescriptor
    private let chunker = Chunker()
    /// The beginning of a chunk whose end was not in the last block.
    private let rest: UnsafeMutableRawBufferPointer
    private var restCount = 0
    private var isAtEnd = false

    /// - Parameter descriptor: A file opened for reading, at the position to begin at. It stays the
    ///   caller's, who closes it after the reader's end.
    public init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
        rest = .allocate(byteCount: Chunker.maximum, alignment: 16)
    }

    deinit { rest.deallocate() }

    /// Fills a block with the next chunks.
    ///
    /// - Parameter block: What is in it is overwritten.
    /// - Returns: `false`, with no chunk in the block, after the last chunk.
    /// - Throws: `Errno` from `read(2)`.
    public mutating func fill(_ block: ChunkBlock) throws -> Bool {
        let buffer = block.buffer
        block.chunks.removeAll(keepingCapacity: true)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<restCount]))
        var end = restCount
        restCount = 0
        while !isAtEnd, end < buffer.count {
            let count = try descriptor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            isAtEnd = count == 0
            end += count
        }
        var start = 0
        // A cut needs to see a whole maximum chunk, unless the file ends before that.
        while start < end, isAtEnd || end - start >= Chunker.maximum {
            let length = chunker.firstCut(in: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
            block.chunks.append(start..<(start + length))
            start += length
        }
        restCount = end - start
        rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
        return !block.chunks.isEmpty
    }
}
