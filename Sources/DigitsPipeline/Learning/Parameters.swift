/// All numbers that training adjusts; also their gradient, which has the same shape.
struct Parameters: Equatable, Sendable {
    var convolution: Affine
    var hidden: Affine
    var output: Affine

    var count: Int { convolution.count + hidden.count + output.count }

    /// All numbers in a row, in the order of the layers, each layer's weights before its biases.
    ///
    /// The optimizer and the file format need not know more about the network than this.
    var values: [Float] {
        get { convolution.values + hidden.values + output.values }
        set {
            precondition(newValue.count == count, "the number of parameters does not change")
            var rest = newValue[...]
            for layer in [\Parameters.convolution, \.hidden, \.output] {
                let count = self[keyPath: layer].count
                self[keyPath: layer].values = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
        }
    }
}

extension Parameters {
    /// Draws the parameters that a network starts with.
    init(initializedFor configuration: NetworkConfiguration) {
        var generator = SplitMix64(seed: configuration.seed)
        convolution = .heInitialized(
            inputs: configuration.kernelSize * configuration.kernelSize,
            outputs: configuration.convolutionChannels, using: &generator)
        hidden = .heInitialized(
            inputs: configuration.pooledCount, outputs: configuration.hiddenUnits, using: &generator)
        output = .heInitialized(
            inputs: configuration.hiddenUnits, outputs: configuration.classCount, using: &generator)
    }
}
