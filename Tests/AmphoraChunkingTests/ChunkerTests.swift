import TestSupport
import Testing

@testable import AmphoraChunking

@Suite("Chunker")
struct ChunkerTests {
    @Test("The cuts are those of the golden vectors", arguments: GoldenChunks.all.cases)
    func golden(vector: GoldenChunks.Case) {
        #expect(chunkLengths(vector.bytes) == vector.lengths)
    }

    @Test("The gear table is SplitMix64 from state 1")
    func gearTable() throws {
        try #require(Chunker.gearTable.count == 256)
        var random = SplitMix64(seed: 1)
        #expect(Chunker.gearTable == (0..<256).map { _ in random.next() })
        #expect(
            [0, 1, 2, 127, 255].map { Chunker.gearTable[$0] }
                == GoldenChunks.all.gear.compactMap { UInt64($0, radix: 16) })
    }

    @Test("The numbers are those of the format")
    func numbers() {
        #expect(Chunker.name == "gear-64k")
        #expect(Chunker.minimum == 16_384)
        #expect(Chunker.average == 65_536)
        #expect(Chunker.maximum == 262_144)
    }

    @Test(
        "Put together, the chunks are the file, and each but the last is within the bounds",
        arguments: UInt64(1)...4)
    func bounds(seed: UInt64) {
        let bytes = randomBytes(count: 1_000_000 + Int(seed), seed: seed)
        let lengths = chunkLengths(bytes)
        #expect(lengths.reduce(0, +) == bytes.count)
        #expect(lengths.dropLast().allSatisfy { (Chunker.minimum + 1...Chunker.maximum).contains($0) })
        #expect(lengths.allSatisfy { (1...Chunker.maximum).contains($0) })
        #expect(chunks(bytes).flatMap(\.self) == bytes)
    }

    @Test("The mean is near the target")
    func mean() {
        let lengths = chunkLengths(randomBytes(count: 8 << 20, seed: 21))
        let mean = (8 << 20) / lengths.count
        #expect((48 << 10...96 << 10).contains(mean), "\(mean)")
    }

    @Test("Bytes that are all the same are cut at the maximum", arguments: [0, 1, 0x20, 0xff] as [UInt8])
    func constantBytes(byte: UInt8) {
        let lengths = chunkLengths([UInt8](repeating: byte, count: 3 * Chunker.maximum + 5))
        #expect(lengths == [Chunker.maximum, Chunker.maximum, Chunker.maximum, 5])
    }

    @Test("A buffer no longer than the minimum is one chunk", arguments: [0, 1, 16_383, 16_384])
    func shortBuffers(count: Int) {
        let bytes = randomBytes(count: count, seed: 4)
        #expect(bytes.withUnsafeBytes { Chunker().firstCut(in: $0) } == count)
    }

    @Test("A cut depends only on the bytes before it, and on no more than a maximum chunk")
    func locality() {
        let bytes = randomBytes(count: 3 * Chunker.maximum, seed: 31)
        let cut = bytes.withUnsafeBytes { Chunker().firstCut(in: $0) }
        for end in [cut, cut + 1, Chunker.maximum] {
            #expect(
                bytes.withUnsafeBytes { Chunker().firstCut(in: UnsafeRawBufferPointer(rebasing: $0[..<end])) }
                    == cut)
        }
        // The skipped minimum plays no part.
        var other = bytes
        for index in 0..<Chunker.minimum { other[index] ^= 0xff }
        #expect(other.withUnsafeBytes { Chunker().firstCut(in: $0) } == cut)
    }

    enum Edit: String, CaseIterable {
        case insertion, deletion, overwriting, prepending, appending, truncation

        func apply(to bytes: [UInt8]) -> [UInt8] {
            let middle = bytes.count / 2
            let patch = randomBytes(count: 100, seed: 99)
            var edited = bytes
            switch self {
            case .insertion: edited.insert(contentsOf: patch, at: middle)
            case .deletion: edited.removeSubrange(middle..<(middle + 100))
            case .overwriting: edited.replaceSubrange(middle..<(middle + 100), with: patch)
            case .prepending: edited.insert(contentsOf: patch, at: 0)
            case .appending: edited.append(contentsOf: patch)
            case .truncation: edited.removeLast(100)
            }
            return edited
        }
    }

    @Test(
        "A small edit leaves all but a few chunks as they were", arguments: Edit.allCases, [UInt64(1), 2, 3])
    func edits(edit: Edit, seed: UInt64) {
        let bytes = randomBytes(count: 3 << 20, seed: seed)
        let old = Set(chunks(bytes))
        let edited = edit.apply(to: bytes)
        let new = chunks(edited)
        #expect(new.flatMap(\.self) == edited)
        let added = new.filter { !old.contains($0) }
        #expect(!added.isEmpty)
        #expect(added.count <= 4, "\(added.count) of \(new.count)")
    }
}
