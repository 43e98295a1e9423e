extension Array {
    /// Of every few elements the lowest and the highest, so that peaks stay; and the first and the last.
    ///
    /// - Parameters:
    ///   - limit: The most that are left.
    ///   - value: What is low or high.
    /// - Returns: Some of the elements, in their order.
    func thinned(to limit: Int, by value: (Element) -> Double) -> [Element] {
        guard count > limit else { return self }
        let groupCount = limit / 2 - 1
        var kept: Set<Int> = [0, count - 1]
        for group in 0..<groupCount {
            let range = count * group / groupCount..<count * (group + 1) / groupCount
            if let low = range.min(by: { value(self[$0]) < value(self[$1]) }) { kept.insert(low) }
            if let high = range.max(by: { value(self[$0]) < value(self[$1]) }) { kept.insert(high) }
        }
        return kept.sorted().map { self[$0] }
    }
}
