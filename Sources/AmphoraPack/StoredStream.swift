/// A zlib stream whose deflate blocks are all stored (RFC 1951, 3.2.4), as chunks that do not compress have.
enum StoredStream {
    /// Copies the content out, at the speed of memory.
    ///
    /// - Parameters:
    ///   - stream: Begins with the stream.
    ///   - buffer: Is filled.
    /// - Returns: The length of the stream, or `nil` if it is of another kind, or not as long as the buffer.
    static func copy(_ stream: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard stream.count > 2, stream[0] & 0x0F == 8, stream[1] & 0x20 == 0,
            (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0
        else { return nil }
        var position = 2
        var filled = 0
        while true {
            guard position + 5 <= stream.count, stream[position] & 0b110 == 0 else { return nil }
            let isLast = stream[position] & 1 == 1
            let count = Int(stream[position + 1]) | Int(stream[position + 2]) << 8
            let complement = Int(stream[position + 3]) | Int(stream[position + 4]) << 8
            position += 5
            guard count ^ complement == 0xFFFF, position + count <= stream.count,
                filled + count <= buffer.count
            else { return nil }
            if count > 0 {
                UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: stream[position..<(position + count)]))
            }
            position += count
            filled += count
            guard isLast else { continue }
            // The checksum follows.
            return filled == buffer.count && position + 4 <= stream.count ? position + 4 : nil
        }
    }
}
