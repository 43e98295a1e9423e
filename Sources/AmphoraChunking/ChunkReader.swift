public import SystemPackage

/// Reads a file as a sequence of chunks, with one buffer, whatever the file's size.
///
/// Pull, not push: the caller asks for the next chunk when it has dealt with the last, so memory is
/// bounded without a queue.
public struct ChunkReader: ~Copyable {
    private let descriptor: FileDescriptor
    private let chunker = Chunker()
    private let buffer: UnsafeMutableRawBufferPointer
    /// The part of `buffer` that is read and not yet handed out.
    private var pending: Range<Int> = 0..<0
    private var isAtEnd = false

    /// - Parameter descriptor: A file opened for reading, at the position to begin at. It stays the
    ///   caller's, who closes it after the reader's end.
    public init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
        buffer = .allocate(byteCount: 4 * Chunker.maximum, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// Hands the next chunk to `body`.
    ///
    /// - Parameter body: Gets the chunk's bytes, which are valid only during the call.
    /// - Returns: What `body` returns, or `nil` after the last chunk.
    /// - Throws: `Errno` from `read(2)`, or what `body` throws.
    public mutating func next<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result? {
        try fill()
        guard !pending.isEmpty else { return nil }
        let length = chunker.firstCut(in: UnsafeRawBufferPointer(rebasing: buffer[pending]))
        let chunk = pending.lowerBound..<(pending.lowerBound + length)
        pending = chunk.upperBound..<pending.upperBound
        return try body(UnsafeRawBufferPointer(rebasing: buffer[chunk]))
    }

    /// Tops the buffer up so that it holds a whole maximum chunk, unless the file ends before that.
    private mutating func fill() throws {
        guard !isAtEnd, pending.count < Chunker.maximum else { return }
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[pending]))
        pending = 0..<pending.count
        while pending.upperBound < buffer.count {
            let free = UnsafeMutableRawBufferPointer(rebasing: buffer[pending.upperBound...])
            let count = try descriptor.read(into: free)
            guard count > 0 else {
                isAtEnd = true
                return
            }
            pending = 0..<(pending.upperBound + count)
        }
    }
}
