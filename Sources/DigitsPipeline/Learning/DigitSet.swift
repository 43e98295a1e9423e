/// Images of handwritten digits with their labels, as they come from the source: the raw data set.
struct DigitSet: Equatable, Sendable {
    /// The darkest value that a pixel can have; 0 is paper.
    static let maximumPixel: UInt8 = 16
    /// The digits: a label is below this.
    static let classCount = 10

    let rows: Int
    let columns: Int
    /// The images one after the other, each row by row: `count` × `rows` × `columns` values.
    let pixels: [UInt8]
    /// The digit that each image shows.
    let labels: [UInt8]

    var count: Int { labels.count }

    init(rows: Int = 8, columns: Int = 8, pixels: [UInt8], labels: [UInt8]) {
        precondition(pixels.count == labels.count * rows * columns, "there is one label for each image")
        self.rows = rows
        self.columns = columns
        self.pixels = pixels
        self.labels = labels
    }

    /// The pixels of one image, row by row.
    func image(at index: Int) -> ArraySlice<UInt8> {
        let pixelCount = rows * columns
        return pixels[(index * pixelCount)..<((index + 1) * pixelCount)]
    }

    /// The images at the given indexes, in that order.
    func selecting(_ indexes: some Sequence<Int>) -> DigitSet {
        let indexes = Array(indexes)
        return DigitSet(
            rows: rows, columns: columns,
            pixels: indexes.flatMap { image(at: $0) }, labels: indexes.map { labels[$0] })
    }
}
