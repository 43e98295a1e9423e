#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the network's outputs say about each example, and how wrong that is.
struct SoftmaxCrossEntropy {
    /// A row for each example, a column for each class; a row adds up to 1.
    let probabilities: Matrix
    /// For each example −ln(probability of its label), in nats.
    let losses: [Float]
    private let labels: [UInt8]

    /// - Parameters:
    ///   - logits: The network's outputs: a row for each example, a column for each class.
    ///   - labels: The right class of each example.
    init(logits: Matrix, labels: [UInt8]) {
        var probabilities = logits
        var losses: [Float] = []
        for (row, label) in labels.enumerated() {
            let columns = (row * logits.columns)..<((row + 1) * logits.columns)
            let scores = logits.values[columns]
            // exp of the difference to the greatest cannot overflow, and the quotient is the same.
            let greatest = scores.max() ?? 0
            let sum = scores.reduce(0) { $0 + expf($1 - greatest) }
            for column in columns {
                probabilities.values[column] = expf(logits.values[column] - greatest) / sum
            }
            losses.append(logf(sum) + greatest - scores[columns.lowerBound + Int(label)])
        }
        self.probabilities = probabilities
        self.losses = losses
        self.labels = labels
    }

    /// The mean over the batch.
    var loss: Float { losses.reduce(0, +) / Float(losses.count) }

    /// The most probable class of each example.
    var predictions: [Int] {
        (0..<probabilities.rows).map { row in
            let start = row * probabilities.columns
            return (0..<probabilities.columns).max { left, right in
                probabilities.values[start + left] < probabilities.values[start + right]
            } ?? 0
        }
    }

    /// How the mean loss changes with the logits: (probability − 1 for the label, else probability) / batch.
    var logitsGradient: Matrix {
        var gradient = probabilities
        for (row, label) in labels.enumerated() {
            gradient.values[row * gradient.columns + Int(label)] -= 1
        }
        let scale = 1 / Float(losses.count)
        for index in gradient.values.indices { gradient.values[index] *= scale }
        return gradient
    }
}
