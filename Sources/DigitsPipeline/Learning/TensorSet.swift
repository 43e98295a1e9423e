/// Images as a network takes them: floating-point numbers with a shape, and the labels.
struct TensorSet: Equatable, Sendable {
    /// The dimensions of `values`, the number of images first: `[count, 1, 8, 8]`.
    let shape: [Int]
    /// The images one after the other, the last dimension varying fastest.
    let values: [Float]
    /// The digit that each image shows.
    let labels: [UInt8]

    var count: Int { labels.count }

    /// The dimensions of one image: `[1, 8, 8]`.
    var imageShape: [Int] { Array(shape.dropFirst()) }

    init(shape: [Int], values: [Float], labels: [UInt8]) {
        precondition(shape.first == labels.count, "there is one label for each image")
        precondition(shape.reduce(1, *) == values.count, "the shape covers all values")
        self.shape = shape
        self.values = values
        self.labels = labels
    }

    /// The values of one image.
    func image(at index: Int) -> ArraySlice<Float> {
        let valueCount = imageShape.reduce(1, *)
        return values[(index * valueCount)..<((index + 1) * valueCount)]
    }

    /// The images at the given indexes, as the rows of a matrix.
    func images(at indexes: some Collection<Int>) -> Matrix {
        Matrix(
            rows: indexes.count, columns: imageShape.reduce(1, *),
            values: indexes.flatMap { image(at: $0) })
    }
}
