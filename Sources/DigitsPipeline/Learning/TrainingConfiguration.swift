/// How a ``Trainer`` goes about it.
struct TrainingConfiguration: Codable, Equatable, Sendable {
    enum Optimizer: String, Codable, Sendable {
        case adam
    }

    /// The number of images between two adjustments of the network.
    var batchSize = 32
    /// How often to go through all training images.
    var epochs = 20
    /// About how much an adjustment changes a parameter.
    var learningRate = 0.002
    var optimizer = Optimizer.adam
    /// Decides the order of the images and the dropout.
    var seed: UInt64 = 1
}

extension TrainingConfiguration {
    func validate() throws(TrainingError) {
        guard batchSize > 0 else { throw .badConfiguration("batchSize is \(batchSize), not 1 or more") }
        guard epochs >= 0 else { throw .badConfiguration("epochs is \(epochs), not 0 or more") }
        guard learningRate > 0, learningRate.isFinite else {
            throw .badConfiguration("learningRate is \(learningRate), not above 0")
        }
    }
}

/// A training that cannot be done.
enum TrainingError: Error, Equatable, CustomStringConvertible {
    case badConfiguration(String)

    var description: String {
        switch self {
        case .badConfiguration(let problem): "bad training configuration: \(problem)"
        }
    }
}
