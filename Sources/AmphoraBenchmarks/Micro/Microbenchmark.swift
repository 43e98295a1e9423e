/// A part of the store at work on memory that is ready, on one thread.
struct Microbenchmark {
    let name: String
    /// How much one pass works on.
    let byteCount: Int
    /// One pass; what it returns depends on all of its work, which so cannot be left out.
    let pass: () throws -> Int

    /// The median speed, after a pass that warms up.
    func bytesPerSecond(rounds: Int) throws -> Double {
        let clock = ContinuousClock()
        var sum = try pass()
        let seconds = try (0..<rounds).map { _ in
            try clock.measure { sum &+= try pass() } / .seconds(1)
        }
        guard sum != .min, let median = seconds.median else { return 0 }
        return Double(byteCount) / median
    }
}
