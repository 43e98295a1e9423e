import Amphora

extension NetworkConfiguration {
    /// The settings, as metadata and run configurations hold them.
    var json: [String: JSONValue] {
        [
            "convolution_channels": .int(Int64(convolutionChannels)), "kernel_size": .int(Int64(kernelSize)),
            "hidden_units": .int(Int64(hiddenUnits)), "dropout_rate": .double(dropoutRate),
            "activation": .string(activation.rawValue), "classes": .int(Int64(classCount)),
            "seed": .int(Int64(seed)),
        ]
    }
}

extension TrainingConfiguration {
    /// The settings, as run configurations hold them.
    var json: [String: JSONValue] {
        [
            "batch_size": .int(Int64(batchSize)), "epochs": .int(Int64(epochs)),
            "learning_rate": .double(learningRate), "optimizer": .string(optimizer.rawValue),
            "seed": .int(Int64(seed)),
        ]
    }
}

extension TrainingEvent {
    /// The step that the metrics belong to.
    var step: Int {
        switch self {
        case .step(let step): step.step
        case .epoch(let epoch): epoch.step
        }
    }

    /// What is logged of the step, or at the end of an epoch.
    var metrics: [String: JSONValue] {
        switch self {
        case .step(let step):
            ["epoch": .int(Int64(step.epoch)), "train/loss": .double(Double(step.trainingLoss))]
        case .epoch(let epoch):
            [
                "epoch": .int(Int64(epoch.epoch)), "validation/loss": .double(Double(epoch.validationLoss)),
                "validation/accuracy": .double(Double(epoch.validationAccuracy)),
            ]
        }
    }
}
