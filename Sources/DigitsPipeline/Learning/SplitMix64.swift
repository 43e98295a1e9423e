/// The random numbers of the whole pipeline: small, fast, and the same everywhere for a seed.
///
/// The standard library's `shuffle` and `random(in:)` may change between Swift versions, so what has to
/// be reproducible is drawn by the methods below. Source: Steele, Lea, Flood, "Fast splittable
/// pseudorandom number generators", OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Draws a number from 0 up to, but not including, 1.
    mutating func unitFloat() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// Draws an order of the numbers below `count`, by the Fisher–Yates shuffle.
    mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in order.indices.reversed() {
            let (chosen, _) = UInt64(last + 1).multipliedFullWidth(by: next())
            order.swapAt(last, Int(chosen))
        }
        return order
    }
}
