/// Builds a file from front to back, as ``ByteReader`` takes it apart.
struct ByteWriter {
    private(set) var bytes: [UInt8]

    /// - Parameter magic: The text that says what kind of file this is.
    init(magic: String) {
        bytes = Array(magic.utf8)
    }

    mutating func write(_ values: [UInt8]) {
        bytes += values
    }

    mutating func write(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }

    /// Writes a count or a length as an unsigned 32-bit number.
    mutating func write(count: Int) {
        write(UInt32(count))
    }

    mutating func write(_ values: [Float]) {
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { write(value.bitPattern) }
    }
}
