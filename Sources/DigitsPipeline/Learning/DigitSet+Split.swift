/// How many images go into each part of a data set.
struct SplitSizes: Codable, Equatable, Sendable {
    /// What the network learns from.
    var training = 1_200
    /// What tells, while it trains, how well it does on images that it has not seen.
    var validation = 197
    /// What is put aside for the final report, and touched by nothing before that.
    var test = 400

    var total: Int { training + validation + test }
}

/// The parts of a data set.
struct DigitSplit: Equatable, Sendable {
    let training: DigitSet
    let validation: DigitSet
    let test: DigitSet
}

/// A request for parts that do not add up to the whole.
struct SplitError: Error, Equatable, CustomStringConvertible {
    let sizes: SplitSizes
    let count: Int

    var description: String {
        "cannot split \(count) images into \(sizes.training) + \(sizes.validation) + \(sizes.test)"
    }
}

extension DigitSet {
    /// Deals every image into exactly one of three parts, at random, the same way for the same seed.
    func split(_ sizes: SplitSizes = SplitSizes(), seed: UInt64) throws(SplitError) -> DigitSplit {
        let areValid = [sizes.training, sizes.validation, sizes.test].allSatisfy { (0...count).contains($0) }
        guard areValid, sizes.total == count else { throw SplitError(sizes: sizes, count: count) }
        var generator = SplitMix64(seed: seed)
        let order = generator.permutation(of: count)
        return DigitSplit(
            training: selecting(order.prefix(sizes.training)),
            validation: selecting(order.dropFirst(sizes.training).prefix(sizes.validation)),
            test: selecting(order.suffix(sizes.test)))
    }
}
