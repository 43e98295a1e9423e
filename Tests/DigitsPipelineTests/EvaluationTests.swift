import Testing

@testable import DigitsPipeline

@Suite("Evaluation")
struct EvaluationTests {
    @Test("The hardest examples come worst first")
    func hardestFirst() throws {
        // More images than fit in one batch of the evaluation.
        let set = noise(count: 130)
        let evaluation = try Evaluation(of: Network(.small), on: set)
        #expect(evaluation.examples.map(\.index) == Array(0..<130))
        #expect(evaluation.examples.map(\.label) == set.labels.map(Int.init))

        let hardest = evaluation.hardest(32)
        #expect(hardest.count == 32)
        #expect(hardest.map(\.loss) == evaluation.examples.map(\.loss).sorted(by: >).prefix(32).map(\.self))
        #expect(hardest.allSatisfy { evaluation.examples[$0.index] == $0 })
        #expect(evaluation.hardest(1_000).count == 130)
        #expect(evaluation.hardest(0).isEmpty)
    }

    @Test("Equal losses keep the order of the data set")
    func tiesKeepOrder() throws {
        let one = noise(count: 1)
        let set = TensorSet(
            shape: [3, 1, 8, 8], values: one.values + one.values + one.values, labels: [4, 4, 4])
        #expect(try Evaluation(of: Network(.small), on: set).hardest(3).map(\.index) == [0, 1, 2])
    }

    @Test("Loss and accuracy are means over the examples")
    func means() throws {
        let evaluation = try Evaluation(of: Network(.small), on: noise(count: 50))
        let right = evaluation.examples.filter { $0.prediction == $0.label }.count
        #expect(evaluation.accuracy == Float(right) / 50)
        #expect(abs(evaluation.loss - evaluation.examples.map(\.loss).reduce(0, +) / 50) < 1e-6)
    }

    @Test("Softmax and its loss match values worked out by hand, and do not overflow")
    func softmax() {
        // e^ln(1), e^ln(2), e^ln(5) are 1, 2, 5 of 8; ln(8 / 5) = 0.47000363.
        let logits = Matrix(rows: 2, columns: 3, values: [0, 0.693_147_2, 1.609_437_9, 1_000, 0, 0])
        let result = SoftmaxCrossEntropy(logits: logits, labels: [2, 1])
        #expect(
            zip(result.probabilities.values, [0.125, 0.25, 0.625, 1, 0, 0]).allSatisfy { abs($0 - $1) < 1e-6 }
        )
        #expect(abs(result.losses[0] - 0.470_003_63) < 1e-6)
        #expect(result.losses[1] == 1_000)
        #expect(result.predictions == [2, 0])
    }

    @Test("A data set without images, or with labels unknown to the network, is an error")
    func rejectsSets() throws {
        let network = try Network(.small)
        #expect(throws: NetworkError.noImages) { try Evaluation(of: network, on: noise(count: 0)) }
        let label = TensorSet(shape: [1, 1, 8, 8], values: noise(count: 1).values, labels: [10])
        #expect(throws: NetworkError.unknownLabel(10, classCount: 10)) {
            try Evaluation(of: network, on: label)
        }
    }
}
