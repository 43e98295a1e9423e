/// The way of a batch through a network, with all that the way back needs.
struct ForwardPass {
    private let network: Network
    private let dropout: Dropout?
    private let patches: Matrix
    private let convolved: Matrix
    private let pooling: MaxPooling
    private let hidden: Matrix
    /// The hidden layer after dropout.
    private let remaining: Matrix
    /// A row for each example, a column for each class.
    let logits: Matrix

    /// - Parameters:
    ///   - images: An image a row.
    ///   - network: What they go through.
    ///   - dropout: Which hidden units are silenced: none, except in training.
    init(_ images: Matrix, through network: Network, dropout: Dropout? = nil) {
        let (configuration, parameters) = (network.configuration, network.parameters)
        self.network = network
        self.dropout = dropout
        patches = configuration.convolution.patches(of: images)
        convolved = configuration.activation(parameters.convolution(patches))
        pooling = MaxPooling(
            convolved, imageRows: configuration.imageRows, imageColumns: configuration.imageColumns)
        hidden = configuration.activation(parameters.hidden(pooling.output))
        remaining = dropout?(hidden) ?? hidden
        logits = parameters.output(remaining)
    }

    /// Goes back from the outputs to the first layer, by the chain rule ("backpropagation").
    ///
    /// - Parameter logitsGradient: How the loss changes with the logits.
    /// - Returns: How the loss changes with each parameter.
    func parametersGradient(logitsGradient: Matrix) -> Parameters {
        let (activation, parameters) = (network.configuration.activation, network.parameters)
        let remainingGradient = parameters.output.inputGradient(outputGradient: logitsGradient)
        let hiddenGradient = activation.inputGradient(
            output: hidden, outputGradient: dropout?(remainingGradient) ?? remainingGradient)
        let pooledGradient = parameters.hidden.inputGradient(outputGradient: hiddenGradient)
        let convolvedGradient = activation.inputGradient(
            output: convolved, outputGradient: pooling.inputGradient(outputGradient: pooledGradient))
        return Parameters(
            convolution: parameters.convolution.gradient(input: patches, outputGradient: convolvedGradient),
            hidden: parameters.hidden.gradient(input: pooling.output, outputGradient: hiddenGradient),
            output: parameters.output.gradient(input: remaining, outputGradient: logitsGradient))
    }
}
