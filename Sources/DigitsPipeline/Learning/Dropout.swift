/// Silences some units at random while training, so that the others learn not to depend on them.
///
/// The survivors are scaled up to keep the expected sum, so evaluation needs no dropout at all. Source:
/// Srivastava et al., "Dropout", JMLR 15, 2014.
struct Dropout {
    /// 0 for a silenced unit, 1 / (1 − rate) for another.
    private let factors: [Float]

    /// - Parameters:
    ///   - rate: The part of the units that fall silent, from 0 up to, but not including, 1.
    ///   - count: The number of units in the whole batch.
    ///   - generator: Decides which.
    init(rate: Float, count: Int, using generator: inout SplitMix64) {
        let scale = 1 / (1 - rate)
        factors = (0..<count).map { _ in generator.unitFloat() < rate ? 0 : scale }
    }

    /// Applies the factors: to the units on the way forward, and to their gradient on the way back.
    func callAsFunction(_ input: Matrix) -> Matrix {
        Matrix(rows: input.rows, columns: input.columns, values: zip(input.values, factors).map(*))
    }
}
