/// Teaches a network by showing it images in small batches, again and again.
struct Trainer {
    let configuration: TrainingConfiguration

    init(_ configuration: TrainingConfiguration) throws(TrainingError) {
        try configuration.validate()
        self.configuration = configuration
    }

    /// Trains a network.
    ///
    /// The same input gives the same result, bit for bit.
    ///
    /// - Parameters:
    ///   - network: Where to start.
    ///   - training: The images to learn from.
    ///   - validation: The images to measure the progress by; nothing is learned from them.
    ///   - report: Called after each step and each epoch. An error that it throws ends the training.
    /// - Returns: The trained network.
    /// - Throws: ``NetworkError`` if the images do not fit the network, or what `report` throws.
    func train(
        _ network: Network, on training: TensorSet, validatingOn validation: TensorSet,
        report: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> Network {
        try network.validate(training)
        try network.validate(validation)
        var network = network
        var generator = SplitMix64(seed: configuration.seed)
        var optimizer = Adam(
            learningRate: Float(configuration.learningRate), parameterCount: network.parameters.count)
        var step = 0
        for epoch in 0..<configuration.epochs {
            let order = generator.permutation(of: training.count)
            var lossSum: Float = 0
            for start in stride(from: 0, to: order.count, by: configuration.batchSize) {
                let batch = order[start..<min(start + configuration.batchSize, order.count)]
                let dropout = network.dropout(exampleCount: batch.count, using: &generator)
                let (loss, gradient) = network.lossAndGradient(training, at: batch, dropout: dropout)
                optimizer.adjust(&network.parameters.values, gradient: gradient.values)
                step += 1
                lossSum += loss * Float(batch.count)
                try report(.step(TrainingStep(step: step, epoch: epoch + 1, trainingLoss: loss)))
            }
            let evaluation = try Evaluation(of: network, on: validation)
            try report(
                .epoch(
                    TrainingEpoch(
                        step: step, epoch: epoch + 1, trainingLoss: lossSum / Float(training.count),
                        validationLoss: evaluation.loss, validationAccuracy: evaluation.accuracy)))
        }
        return network
    }
}

extension Network {
    /// Draws the hidden units to silence in one batch.
    func dropout(exampleCount: Int, using generator: inout SplitMix64) -> Dropout {
        Dropout(
            rate: Float(configuration.dropoutRate), count: exampleCount * configuration.hiddenUnits,
            using: &generator)
    }

    /// The mean loss over some images of a set, and how it changes with each parameter.
    func lossAndGradient(
        _ set: TensorSet, at indexes: some Collection<Int>, dropout: Dropout? = nil
    ) -> (loss: Float, gradient: Parameters) {
        let pass = ForwardPass(set.images(at: indexes), through: self, dropout: dropout)
        let result = SoftmaxCrossEntropy(logits: pass.logits, labels: indexes.map { set.labels[$0] })
        return (result.loss, pass.parametersGradient(logitsGradient: result.logitsGradient))
    }
}
