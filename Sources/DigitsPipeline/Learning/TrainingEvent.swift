/// What a ``Trainer`` reports on its way.
enum TrainingEvent: Equatable, Sendable {
    case step(TrainingStep)
    case epoch(TrainingEpoch)
}

/// One adjustment of the network, after one batch.
struct TrainingStep: Equatable, Sendable {
    /// Counted from 1, over all epochs.
    let step: Int
    /// Counted from 1.
    let epoch: Int
    /// The mean loss of the batch before the adjustment, in nats.
    let trainingLoss: Float
}

/// One time through all training images.
struct TrainingEpoch: Equatable, Sendable {
    /// The steps so far, over all epochs.
    let step: Int
    /// Counted from 1.
    let epoch: Int
    /// The mean loss over the epoch's steps, in nats, with dropout and while the network changes.
    let trainingLoss: Float
    /// The mean loss on the validation images after the epoch, in nats.
    let validationLoss: Float
    /// The part of the validation images that are recognised after the epoch, from 0 to 1.
    let validationAccuracy: Float
}
