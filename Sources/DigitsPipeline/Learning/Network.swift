/// A small convolutional network that tells which digit an image shows.
///
///     image 8 × 8 → convolution 3 × 3 → activation → 2 × 2 maximum → hidden layer → activation
///     → (dropout) → output, 10 logits
struct Network: Equatable, Sendable {
    let configuration: NetworkConfiguration
    var parameters: Parameters

    /// Makes an untrained network.
    init(_ configuration: NetworkConfiguration) throws(NetworkError) {
        try configuration.validate()
        self.configuration = configuration
        parameters = Parameters(initializedFor: configuration)
    }

    /// Checks that the network can work on a data set.
    func validate(_ set: TensorSet) throws(NetworkError) {
        guard set.count > 0 else { throw .noImages }
        guard set.imageShape == configuration.imageShape else {
            throw .wrongImageShape(expected: configuration.imageShape, found: set.imageShape)
        }
        if let label = set.labels.first(where: { $0 >= configuration.classCount }) {
            throw .unknownLabel(label, classCount: configuration.classCount)
        }
    }
}
