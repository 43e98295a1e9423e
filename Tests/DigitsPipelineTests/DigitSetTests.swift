import Testing

@testable import DigitsPipeline

@Suite("Digit set")
struct DigitSetTests {
    private static let row = "\(Array(repeating: "7", count: 64).joined(separator: ",")),3"

    @Test("The fixture is read whole")
    func readsTheFixture() throws {
        let digits = try fixtureDigits()
        #expect(digits.count == 1_797)
        #expect(digits.pixels.count == 1_797 * 64)
        #expect(digits.image(at: 0).prefix(8) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(digits.labels.prefix(10) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(digits.labels.suffix(3) == [8, 9, 8])
    }

    @Test("Line ends are LF or CR LF, and the last one may be missing", arguments: ["\n", "\r\n", ""])
    func acceptsLineEnds(end: String) throws {
        let separator = end.isEmpty ? "\n" : end
        let digits = try DigitSet(csv: Array((Self.row + separator + Self.row + end).utf8))
        #expect(digits.labels == [3, 3])
    }

    @Test(
        "An error names the line and the field",
        arguments: [
            ("", "no lines"),
            ("\(row)\n1,2,3\n", "line 2: expected 65 fields, found 3"),
            ("\(row)\n\n\(row)\n", "line 2: expected 65 fields, found 1"),
            ("\(row)\n\(row)\n\(row)0\n", "line 3, field 65: '30' is not a number from 0 to 9"),
            ("17\(row.dropFirst())\n", "line 1, field 1: '17' is not a number from 0 to 16"),
            ("x\(row.dropFirst())\n", "line 1, field 1: 'x' is not a number from 0 to 16"),
        ])
    func rejectsBadLines(csv: String, message: String) {
        let error = #expect(throws: CSVError.self) { try DigitSet(csv: Array(csv.utf8)) }
        #expect(error?.description == message)
    }

    @Test("The parts of a split are a partition")
    func splitIsAPartition() throws {
        // Each image says its own index, in base 16.
        let count = 1_797
        let pixels = (0..<count).flatMap { index in [index & 15, index >> 4 & 15, index >> 8].map(UInt8.init)
        }
        let labels = (0..<count).map { UInt8($0 % 10) }
        let set = DigitSet(rows: 1, columns: 3, pixels: pixels, labels: labels)

        let split = try set.split(seed: 5)
        let parts = [split.training, split.validation, split.test]
        #expect(parts.map(\.count) == [1_200, 197, 400])
        let indexes = parts.flatMap { part in
            (0..<part.count).map { index in
                let number = part.image(at: index).reversed().reduce(0) { $0 << 4 | Int($1) }
                #expect(part.labels[index] == UInt8(number % 10), "labels stay with their images")
                return number
            }
        }
        #expect(indexes != Array(0..<count), "the images are shuffled")
        #expect(indexes.sorted() == Array(0..<count))
    }

    @Test("A split depends on the seed and on nothing else")
    func splitIsDeterministic() throws {
        let digits = try fixtureDigits()
        #expect(try digits.split(seed: 1) == digits.split(seed: 1))
        #expect(try digits.split(seed: 1) != digits.split(seed: 2))
    }

    @Test(
        "A split that does not add up is an error",
        arguments: [
            SplitSizes(training: 1_200, validation: 197, test: 401),
            SplitSizes(training: 1_800, validation: -3, test: 0),
            SplitSizes(training: .max, validation: 1, test: 1),
        ])
    func rejectsWrongSizes(sizes: SplitSizes) throws {
        let digits = try fixtureDigits()
        #expect(throws: SplitError(sizes: sizes, count: 1_797)) { try digits.split(sizes, seed: 1) }
    }

    @Test("Random numbers are those of the published generator")
    func matchesReferenceVector() {
        // The first outputs for seed 1234567 of Vigna's splitmix64.c, <https://prng.di.unimi.it/splitmix64.c>.
        var generator = SplitMix64(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
    }

    @Test("Permutations take every order, about equally often")
    func permutationsAreFair() {
        var generator = SplitMix64(seed: 1)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6_000 { counts[generator.permutation(of: 3), default: 0] += 1 }
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { (900...1_100).contains($0) }, "\(counts)")
    }
}
