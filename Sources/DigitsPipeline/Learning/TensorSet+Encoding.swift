/// The file of a ``TensorSet``; integers and floats are little endian:
///
///     magic   8 bytes, "TENSOR01"
///     rank    UInt32, the number of dimensions, 1 to 8
///     shape   rank × UInt32, the number of images first
///     values  Float32 for each element, the last dimension varying fastest
///     labels  one byte for each image, 0 to 9
extension TensorSet {
    private static let magic = "TENSOR01"

    func encoded() -> [UInt8] {
        var writer = ByteWriter(magic: Self.magic)
        writer.write(count: shape.count)
        for dimension in shape { writer.write(count: dimension) }
        writer.write(values)
        writer.write(labels)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(FormatError) {
        var reader = try ByteReader(bytes, magic: Self.magic)
        let rank = try reader.readCount()
        guard (1...8).contains(rank) else { throw .badValue("\(rank) dimensions are not from 1 to 8") }
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(try reader.readCount()) }
        let values = try reader.readFloats(count: ByteReader.elementCount(of: shape))
        let labels = try reader.readBytes(count: shape[0])
        try reader.finish()
        if let label = labels.first(where: { $0 >= DigitSet.classCount }) {
            throw .badValue("label \(label) is not a digit")
        }
        self.init(shape: shape, values: values, labels: Array(labels))
    }
}
