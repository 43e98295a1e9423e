import Testing

@testable import DigitsPipeline

@Suite("Preprocessing")
struct PreprocessingTests {
    private let raw = DigitSet(rows: 2, columns: 2, pixels: [0, 4, 8, 16, 1, 2, 3, 5], labels: [7, 0])

    @Test("Normalising maps 0…16 to 0…1, and expanding adds the channel")
    func normalizesAndExpands() {
        let set = Preprocessing()(raw)
        #expect(set.shape == [2, 1, 2, 2])
        #expect(set.image(at: 0) == [0, 0.25, 0.5, 1])
        #expect(set.labels == raw.labels)
    }

    @Test("Each step can be left out")
    func leavesOut() {
        #expect(Preprocessing(normalize: false)(raw).image(at: 1) == [1, 2, 3, 5])
        #expect(Preprocessing(expandDims: false)(raw).shape == [2, 2, 2])
    }

    @Test("A network tells which shape it misses")
    func networkRejectsOtherShapes() throws {
        let network = try Network(.small)
        let set = Preprocessing(expandDims: false)(try fixtureDigits())
        let error = #expect(throws: NetworkError.self) { try Evaluation(of: network, on: set) }
        #expect(error?.description == "the network takes images of 1 × 8 × 8, not 8 × 8")
    }
}
