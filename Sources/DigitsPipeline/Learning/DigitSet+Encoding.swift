/// The file of a ``DigitSet``; integers are little endian:
///
///     magic    8 bytes, "DIGITS01"
///     count    UInt32
///     rows     UInt32
///     columns  UInt32
///     pixels   count × rows × columns bytes, 0 to 16
///     labels   count bytes, 0 to 9
extension DigitSet {
    private static let magic = "DIGITS01"

    func encoded() -> [UInt8] {
        var writer = ByteWriter(magic: Self.magic)
        writer.write(count: count)
        writer.write(count: rows)
        writer.write(count: columns)
        writer.write(pixels)
        writer.write(labels)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try ByteReader(bytes, magic: Self.magic)
        let count = try reader.readCount()
        let rows = try reader.readCount()
        let columns = try reader.readCount()
        let pixelCount = try ByteReader.elementCount(of: [count, rows, columns])
        let pixels = try reader.readBytes(count: pixelCount)
        let labels = try reader.readBytes(count: count)
        try reader.finish()
        if let pixel = pixels.first(where: { $0 > Self.maximumPixel }) {
            throw .badValue("pixel value \(pixel) is above \(Self.maximumPixel)")
        }
        if let label = labels.first(where: { $0 >= Self.classCount }) {
            throw .badValue("label \(label) is not a digit")
        }
        self.init(rows: rows, columns: columns, pixels: Array(pixels), labels: Array(labels))
    }
}
