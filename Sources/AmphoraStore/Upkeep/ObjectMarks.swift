/// A set of objects of an inventory, a bit each.
package struct ObjectMarks: Sendable {
    private var words: [UInt64]

    /// - Parameter count: How many objects there are.
    package init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

    package func contains(_ position: Int) -> Bool { words[position / 64] >> UInt64(position % 64) & 1 == 1 }

    /// - Returns: Whether it was not in the set.
    @discardableResult
    package mutating func insert(_ position: Int) -> Bool {
        let bit = UInt64(1) << UInt64(position % 64)
        defer { words[position / 64] |= bit }
        return words[position / 64] & bit == 0
    }

    package mutating func remove(_ position: Int) {
        words[position / 64] &= ~(UInt64(1) << UInt64(position % 64))
    }
}
