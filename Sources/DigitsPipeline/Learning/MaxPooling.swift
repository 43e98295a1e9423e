/// The greatest of each 2 × 2 block of a channel, and where it stood.
struct MaxPooling {
    /// A row for each image: (`imageRows` / 2) × (`imageColumns` / 2) × channels values.
    let output: Matrix
    /// For each output value, the index of the input value that it is.
    private let winners: [Int]
    private let inputRows: Int
    private let channels: Int

    /// - Parameters:
    ///   - input: A row for each pixel of each image, a column for each channel.
    ///   - imageRows: The height of an image, an even number.
    ///   - imageColumns: The width of an image, an even number.
    init(_ input: Matrix, imageRows: Int, imageColumns: Int) {
        let channels = input.columns
        let imageCount = input.rows / (imageRows * imageColumns)
        let steps = [0, channels, imageColumns * channels, (imageColumns + 1) * channels]
        var winners: [Int] = []
        winners.reserveCapacity(input.values.count / 4)
        input.values.withUnsafeBufferPointer { values in
            // The images lie below each other like one tall image, and no block crosses from one to the
            // next, since their height is even.
            for row in stride(from: 0, to: imageCount * imageRows, by: 2) {
                for column in stride(from: 0, to: imageColumns, by: 2) {
                    let corner = (row * imageColumns + column) * channels
                    for first in corner..<(corner + channels) {
                        var winner = first
                        for step in steps where values[first + step] > values[winner] {
                            winner = first + step
                        }
                        winners.append(winner)
                    }
                }
            }
        }
        self.winners = winners
        self.channels = channels
        inputRows = input.rows
        output = Matrix(
            rows: imageCount, columns: imageRows * imageColumns / 4 * channels,
            values: winners.map { input.values[$0] })
    }

    /// Hands each output's gradient to the one input that it came from.
    func inputGradient(outputGradient: Matrix) -> Matrix {
        var gradient = Matrix.zeros(rows: inputRows, columns: channels)
        gradient.values.withUnsafeMutableBufferPointer { values in
            for (winner, value) in zip(winners, outputGradient.values) { values[winner] = value }
        }
        return gradient
    }
}
