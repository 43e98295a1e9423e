/// How well a network does on a data set.
struct Evaluation: Equatable, Sendable {
    /// What the network makes of one image.
    struct Example: Equatable, Sendable {
        /// The place of the image in the data set.
        let index: Int
        /// What it shows.
        let label: Int
        /// What the network takes it for.
        let prediction: Int
        /// −ln(probability given to the label), in nats.
        let loss: Float
    }

    /// All images of the data set, in its order.
    let examples: [Example]

    init(of network: Network, on set: TensorSet) throws(NetworkError) {
        try network.validate(set)
        let batchSize = 100
        var examples: [Example] = []
        for start in stride(from: 0, to: set.count, by: batchSize) {
            let indexes = start..<min(start + batchSize, set.count)
            let labels = indexes.map { set.labels[$0] }
            let pass = ForwardPass(set.images(at: indexes), through: network)
            let result = SoftmaxCrossEntropy(logits: pass.logits, labels: labels)
            for (offset, prediction) in result.predictions.enumerated() {
                examples.append(
                    Example(
                        index: start + offset, label: Int(labels[offset]), prediction: prediction,
                        loss: result.losses[offset]))
            }
        }
        self.examples = examples
    }

    /// The mean loss, in nats.
    var loss: Float {
        examples.reduce(0) { $0 + $1.loss } / Float(examples.count)
    }

    /// The part of the images that are recognised, from 0 to 1.
    var accuracy: Float {
        Float(examples.count { $0.prediction == $0.label }) / Float(examples.count)
    }

    /// The images that the network does worst on, the worst first; all of them if there are not `count`.
    func hardest(_ count: Int) -> [Example] {
        let worstFirst = examples.sorted { left, right in
            left.loss == right.loss ? left.index < right.index : left.loss > right.loss
        }
        return Array(worstFirst.prefix(max(0, count)))
    }
}
