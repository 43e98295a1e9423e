import Testing

@testable import DigitsPipeline

@Suite("Training")
struct TrainingTests {
    @Test("A small network learns to read digits")
    func reachesAccuracy() throws {
        let parts = try fixtureDigits().split(seed: 1)
        let preprocess = Preprocessing()
        let trainer = try Trainer(TrainingConfiguration(batchSize: 16, epochs: 6, learningRate: 0.005))
        let network = try trainer.train(
            Network(.small), on: preprocess(parts.training), validatingOn: preprocess(parts.validation))

        let evaluation = try Evaluation(of: network, on: preprocess(parts.test))
        #expect(evaluation.accuracy > 0.9)
        #expect(evaluation.loss < 0.5)
    }

    @Test("The same seed gives the same network, another seed another one")
    func isDeterministic() throws {
        let set = noise(count: 20)
        func train(networkSeed: UInt64, trainerSeed: UInt64) throws -> [UInt8] {
            var configuration = NetworkConfiguration.small
            configuration.seed = networkSeed
            let trainer = try Trainer(TrainingConfiguration(batchSize: 8, epochs: 2, seed: trainerSeed))
            return try trainer.train(Network(configuration), on: set, validatingOn: set).encoded()
        }
        let network = try train(networkSeed: 1, trainerSeed: 1)
        #expect(try train(networkSeed: 1, trainerSeed: 1) == network)
        #expect(try train(networkSeed: 2, trainerSeed: 1) != network)
        #expect(try train(networkSeed: 1, trainerSeed: 2) != network)
    }

    @Test("Each step and each epoch is reported, in order")
    func reportsProgress() throws {
        let set = noise(count: 10)
        let trainer = try Trainer(TrainingConfiguration(batchSize: 4, epochs: 2))
        var steps: [TrainingStep] = []
        var epochs: [TrainingEpoch] = []
        let network = try trainer.train(Network(.small), on: set, validatingOn: set) { event in
            switch event {
            case .step(let step): steps.append(step)
            case .epoch(let epoch): epochs.append(epoch)
            }
        }
        #expect(steps.map(\.step) == [1, 2, 3, 4, 5, 6])
        #expect(steps.map(\.epoch) == [1, 1, 1, 2, 2, 2])
        #expect(epochs.map(\.step) == [3, 6])
        #expect(epochs.map(\.epoch) == [1, 2])
        let mean = (4 * steps[0].trainingLoss + 4 * steps[1].trainingLoss + 2 * steps[2].trainingLoss) / 10
        #expect(abs(epochs[0].trainingLoss - mean) < 1e-5, "the last batch has two images and counts as two")
        let evaluation = try Evaluation(of: network, on: set)
        #expect(epochs[1].validationLoss == evaluation.loss)
        #expect(epochs[1].validationAccuracy == evaluation.accuracy)
    }

    @Test("An error of the report ends the training")
    func reportCanStop() throws {
        struct Enough: Error {}
        let set = noise(count: 10)
        let trainer = try Trainer(TrainingConfiguration(batchSize: 5))
        var reports = 0
        #expect(throws: Enough.self) {
            try trainer.train(Network(.small), on: set, validatingOn: set) { _ in
                reports += 1
                throw Enough()
            }
        }
        #expect(reports == 1)
    }

    @Test("Adam's first adjustment is the learning rate against the sign of the gradient")
    func firstAdjustment() {
        var adam = Adam(learningRate: 0.1, parameterCount: 3)
        var parameters: [Float] = [1, 1, 1]
        adam.adjust(&parameters, gradient: [250, -0.5, 0])
        #expect(zip(parameters, [0.9, 1.1, 1]).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test(
        "Configurations that cannot be are errors",
        arguments: [
            TrainingConfiguration(batchSize: 0),
            TrainingConfiguration(epochs: -1),
            TrainingConfiguration(learningRate: 0),
            TrainingConfiguration(learningRate: .nan),
        ])
    func rejectsConfigurations(configuration: TrainingConfiguration) {
        #expect(throws: TrainingError.self) { try Trainer(configuration) }
    }
}
