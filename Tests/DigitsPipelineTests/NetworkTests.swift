import Testing

@testable import DigitsPipeline

@Suite("Network")
struct NetworkTests {
    @Test("Gradients agree with finite differences", arguments: [Activation.relu, .tanh])
    func gradients(activation: Activation) throws {
        // Not square, so that rows and columns cannot be mistaken for each other.
        let configuration = NetworkConfiguration(
            imageRows: 4, imageColumns: 6, convolutionChannels: 3, hiddenUnits: 7, activation: activation)
        let network = try Network(configuration)
        let set = noise(count: 6, rows: 4, columns: 6)
        var generator = SplitMix64(seed: 3)
        let dropout = Dropout(rate: 0.3, count: 6 * 7, using: &generator)
        let gradient = network.lossAndGradient(set, at: 0..<6, dropout: dropout).gradient

        // Great enough for single precision, small enough to cross few corners of relu and maximum.
        let step: Float = 1e-3
        for (name, layer) in [
            ("convolution", \Parameters.convolution), ("hidden", \.hidden), ("output", \.output),
        ] {
            let slopes = gradient[keyPath: layer].values
            #expect(slopes.contains { abs($0) > 0.1 }, "\(name): slopes well above the tolerance")
            for (index, slope) in slopes.enumerated() {
                func loss(movedBy offset: Float) -> Float {
                    var moved = network
                    moved.parameters[keyPath: layer].values[index] += offset
                    return moved.lossAndGradient(set, at: 0..<6, dropout: dropout).loss
                }
                let measured = (loss(movedBy: step) - loss(movedBy: -step)) / (2 * step)
                #expect(abs(slope - measured) < 1e-3, "\(name), parameter \(index)")
            }
        }
    }

    @Test("Patches are the neighbourhoods of each pixel, with zeros outside")
    func patches() {
        let convolution = Convolution(imageRows: 2, imageColumns: 3, kernelSize: 3)
        let patches = convolution.patches(of: Matrix(rows: 1, columns: 6, values: [1, 2, 3, 4, 5, 6]))
        #expect(patches.values.prefix(9) == [0, 0, 0, 0, 1, 2, 0, 4, 5])
        #expect(patches.values.suffix(9) == [2, 3, 0, 5, 6, 0, 0, 0, 0])
    }

    @Test("Pooling keeps the greatest of each block, channel by channel, and leads the gradient back to it")
    func pooling() {
        // One image of 2 × 4 pixels with 2 channels; the second is the negative of the first.
        let first: [Float] = [1, 5, 3, 4, 2, 0, 9, 8]
        let pooling = MaxPooling(
            Matrix(rows: 8, columns: 2, values: first.flatMap { [$0, -$0] }), imageRows: 2, imageColumns: 4)
        #expect(pooling.output == Matrix(rows: 1, columns: 4, values: [5, 0, 9, -3]))
        let gradient = pooling.inputGradient(
            outputGradient: Matrix(rows: 1, columns: 4, values: [10, 20, 30, 40]))
        #expect(gradient.values == [0, 0, 10, 0, 0, 40, 0, 0, 0, 0, 0, 20, 30, 0, 0, 0])
    }

    @Test("Dropout silences its share of the units and keeps the expected sum")
    func dropout() {
        var generator = SplitMix64(seed: 1)
        let ones = Matrix(rows: 100, columns: 100, values: [Float](repeating: 1, count: 10_000))
        let rest = Dropout(rate: 0.2, count: 10_000, using: &generator)(ones).values
        #expect(Set(rest) == [0, 1.25])
        #expect(abs(rest.reduce(0, +) - 10_000) < 200)
        #expect(Dropout(rate: 0, count: 10_000, using: &generator)(ones) == ones)
    }

    @Test("He's weights have the variance 2 / inputs")
    func initialVariance() {
        var generator = SplitMix64(seed: 1)
        let layer = Affine.heInitialized(inputs: 50, outputs: 200, using: &generator)
        let variance = layer.weights.values.reduce(0) { $0 + $1 * $1 } / 10_000
        #expect(abs(variance - 0.04) < 0.002)
        #expect(layer.biases.allSatisfy { $0 == 0 })
    }

    @Test("Setting all parameters and getting them are inverse")
    func parameterValues() throws {
        var parameters = try Network(.small).parameters
        let numbers = (0..<parameters.count).map { Float($0) }
        parameters.values = numbers
        #expect(parameters.values == numbers)
        #expect(parameters.convolution.weights.values.prefix(2) == [0, 1])
        #expect(parameters.output.biases.last == numbers.last)
    }

    @Test(
        "Configurations that cannot be are errors that say why",
        arguments: [
            (NetworkConfiguration(hiddenUnits: 0), "hiddenUnits is 0, not from 1 to 1024"),
            (NetworkConfiguration(imageRows: 7), "images of 7 × 8 have no 2 × 2 blocks"),
            (NetworkConfiguration(kernelSize: 4), "kernelSize is 4, not an odd number that fits the image"),
            (NetworkConfiguration(dropoutRate: 1), "dropoutRate is 1.0, not from 0 up to 1"),
        ])
    func rejectsConfigurations(configuration: NetworkConfiguration, problem: String) {
        #expect(throws: NetworkError.badConfiguration(problem)) { try Network(configuration) }
    }
}
