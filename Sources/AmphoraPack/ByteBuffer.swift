/// Memory that is used again and again, for one thread at a time.
package final class ByteBuffer {
    /// What is longer is given back after use.
    private static let keptCount = 4 << 20

    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    package init() {}

    deinit { memory.deallocate() }

    /// Room for `count` bytes; what was in it may be lost.
    package func room(for count: Int) -> UnsafeMutableRawBufferPointer {
        if memory.count < count {
            memory.deallocate()
            memory = .allocate(byteCount: max(count, 2 * min(memory.count, Self.keptCount)), alignment: 64)
        }
        return UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
    }

    /// Gives back what only a long object needed.
    package func trim() {
        guard memory.count > Self.keptCount else { return }
        memory.deallocate()
        memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
}
