/// A table of numbers, kept row by row: all that the network computes with.
///
/// A batch is a matrix with an example a row, so that one product takes a whole batch through a layer.
struct Matrix: Equatable, Sendable {
    let rows: Int
    let columns: Int
    /// `rows` × `columns` numbers, row by row.
    var values: [Float]

    init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "the values fill the matrix")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    static func zeros(rows: Int, columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, values: [Float](repeating: 0, count: rows * columns))
    }

    func transposed() -> Matrix {
        var result = Matrix.zeros(rows: columns, columns: rows)
        values.withUnsafeBufferPointer { source in
            result.values.withUnsafeMutableBufferPointer { target in
                for row in 0..<rows {
                    for column in 0..<columns {
                        target[column * rows + row] = source[row * columns + column]
                    }
                }
            }
        }
        return result
    }

    /// Multiplies two matrices.
    ///
    /// The innermost loop adds a multiple of one row to another, which the compiler turns into vector
    /// instructions without reordering a sum. A factor of zero, of which relu makes many, costs nothing.
    ///
    /// - Complexity: O(`rows` × `columns` × `right.columns`).
    static func * (left: Matrix, right: Matrix) -> Matrix {
        precondition(left.columns == right.rows, "the inner dimensions of a product are equal")
        let width = right.columns
        var product = Matrix.zeros(rows: left.rows, columns: width)
        left.values.withUnsafeBufferPointer { factors in
            right.values.withUnsafeBufferPointer { source in
                product.values.withUnsafeMutableBufferPointer { target in
                    for row in 0..<left.rows {
                        for inner in 0..<left.columns {
                            let factor = factors[row * left.columns + inner]
                            if factor == 0 { continue }
                            for column in 0..<width {
                                target[row * width + column] += factor * source[inner * width + column]
                            }
                        }
                    }
                }
            }
        }
        return product
    }
}
