@testable import DigitsPipeline

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The 1,797 real digits in the package's `Fixtures` folder.
func fixtureDigits() throws -> DigitSet {
    let package = (1...3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let file = package.appending(path: "Fixtures/Digits/digits.csv")
    return try DigitSet(csv: [UInt8](Data(contentsOf: file)))
}

/// Images of noise, for tests that need only numbers.
func noise(count: Int, rows: Int = 8, columns: Int = 8, seed: UInt64 = 1) -> TensorSet {
    var generator = SplitMix64(seed: seed)
    return TensorSet(
        shape: [count, 1, rows, columns],
        values: (0..<(count * rows * columns)).map { _ in generator.unitFloat() },
        labels: (0..<count).map { UInt8($0 % 10) })
}

extension NetworkConfiguration {
    /// A network that trains in seconds without optimisation by the compiler.
    static let small = NetworkConfiguration(convolutionChannels: 8, hiddenUnits: 32, dropoutRate: 0.1)
}
