/// The learned part of a layer: output = input × weights + biases, with an example a row.
struct Affine: Equatable, Sendable {
    /// A row for each input, a column for each output.
    var weights: Matrix
    /// One for each output.
    var biases: [Float]

    var count: Int { weights.values.count + biases.count }

    /// All weights, then all biases.
    var values: [Float] {
        get { weights.values + biases }
        set {
            precondition(newValue.count == count, "the number of weights and biases does not change")
            biases = Array(newValue.suffix(biases.count))
            weights.values = Array(newValue.prefix(weights.values.count))
        }
    }

    func callAsFunction(_ input: Matrix) -> Matrix {
        var output = input * weights
        output.values.withUnsafeMutableBufferPointer { values in
            for start in stride(from: 0, to: values.count, by: biases.count) {
                for column in biases.indices { values[start + column] += biases[column] }
            }
        }
        return output
    }

    /// How the loss changes with the weights and biases: the chain rule gives inputᵀ × outputGradient.
    func gradient(input: Matrix, outputGradient: Matrix) -> Affine {
        var biasGradient = [Float](repeating: 0, count: biases.count)
        outputGradient.values.withUnsafeBufferPointer { values in
            for start in stride(from: 0, to: values.count, by: biases.count) {
                for column in biases.indices { biasGradient[column] += values[start + column] }
            }
        }
        return Affine(weights: input.transposed() * outputGradient, biases: biasGradient)
    }

    /// How the loss changes with the input: outputGradient × weightsᵀ.
    func inputGradient(outputGradient: Matrix) -> Matrix {
        outputGradient * weights.transposed()
    }
}

extension Affine {
    /// Draws weights by He's rule, uniformly with variance 2 / inputs; biases are zero.
    ///
    /// Signals then keep their size from layer to layer under relu. Source: He, Zhang, Ren, Sun,
    /// "Delving deep into rectifiers", ICCV 2015, equation 10.
    static func heInitialized(inputs: Int, outputs: Int, using generator: inout SplitMix64) -> Affine {
        let limit = (6 / Float(inputs)).squareRoot()
        let weights = (0..<(inputs * outputs)).map { _ in (2 * generator.unitFloat() - 1) * limit }
        return Affine(
            weights: Matrix(rows: inputs, columns: outputs, values: weights),
            biases: [Float](repeating: 0, count: outputs))
    }
}
