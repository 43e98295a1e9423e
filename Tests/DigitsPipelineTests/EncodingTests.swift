import Testing

@testable import DigitsPipeline

@Suite("File formats")
struct EncodingTests {
    private let digits = DigitSet(rows: 1, columns: 2, pixels: [1, 2, 3, 16], labels: [9, 4])
    private let tensors = TensorSet(shape: [2, 1, 1, 1], values: [0.5, -1], labels: [9, 4])

    @Test("Digit sets come back as they were")
    func digitSetRoundTrip() throws {
        let digits = try fixtureDigits()
        #expect(try DigitSet(decoding: digits.encoded()) == digits)
    }

    @Test("Tensor sets come back as they were", arguments: [true, false])
    func tensorSetRoundTrip(expandDims: Bool) throws {
        let set = Preprocessing(expandDims: expandDims)(try fixtureDigits())
        #expect(try TensorSet(decoding: set.encoded()) == set)
    }

    @Test("Networks come back as they were, bit for bit")
    func networkRoundTrip() throws {
        let network = try Network(NetworkConfiguration(hiddenUnits: 5, activation: .tanh, seed: 99))
        let bytes = try network.encoded()
        #expect(try Network(decoding: bytes) == network)
        #expect(try network.encoded() == bytes)
    }

    @Test("The layouts are the documented ones")
    func layouts() {
        let count: [UInt8] = [2, 0, 0, 0]
        let one: [UInt8] = [1, 0, 0, 0]
        #expect(digits.encoded() == Array("DIGITS01".utf8) + count + one + count + [1, 2, 3, 16, 9, 4])
        let floats: [UInt8] = [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF]
        let shape = count + one + one + one
        #expect(tensors.encoded() == Array("TENSOR01".utf8) + [4, 0, 0, 0] + shape + floats + [9, 4])
    }

    @Test("Every shortened file is an error, and so is a lengthened one")
    func rejectsOtherLengths() throws {
        let network = try Network(NetworkConfiguration(convolutionChannels: 1, hiddenUnits: 1)).encoded()
        let files: [(bytes: [UInt8], decode: ([UInt8]) throws -> Void)] = [
            (digits.encoded(), { _ = try DigitSet(decoding: $0) }),
            (tensors.encoded(), { _ = try TensorSet(decoding: $0) }),
            (network, { _ = try Network(decoding: $0) }),
        ]
        for (bytes, decode) in files {
            for length in bytes.indices {
                #expect(throws: FormatError.self) { try decode(Array(bytes.prefix(length))) }
            }
            #expect(throws: FormatError.trailingBytes(count: 1)) { try decode(bytes + [0]) }
        }
    }

    @Test("Nonsense in a file is an error, not a crash")
    func rejectsNonsense() throws {
        let huge = [UInt8](repeating: 0xFF, count: 12)
        #expect(throws: FormatError.self) { try DigitSet(decoding: Array("DIGITS01".utf8) + huge) }
        let rank: [UInt8] = [3, 0, 0, 0]
        #expect(throws: FormatError.self) { try TensorSet(decoding: Array("TENSOR01".utf8) + rank + huge) }

        var pixel = digits.encoded()
        pixel[20] = 17
        #expect(throws: FormatError.badValue("pixel value 17 is above 16")) { try DigitSet(decoding: pixel) }
        #expect(throws: FormatError.wrongMagic(expected: "TENSOR01")) {
            try TensorSet(decoding: digits.encoded())
        }
    }
}
