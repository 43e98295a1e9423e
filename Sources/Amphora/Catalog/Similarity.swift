/// Finds what a user may have meant.
enum Similarity {
    /// A hint that names the nearest of `candidates`, or that there are none.
    static func hint(for text: String, among candidates: [String], none: String = "The store is empty.")
        -> String
    {
        let near = near(text, among: candidates).map { "'\($0)'" }
        if !near.isEmpty { return "Did you mean \(near.joined(separator: " or "))?" }
        if candidates.isEmpty { return none }
        let shown = candidates.prefix(8).joined(separator: ", ")
        return "There are: \(shown)\(candidates.count > 8 ? " and \(candidates.count - 8) more" : "")."
    }

    /// The nearest of `candidates`, at most three.
    static func near(_ text: String, among candidates: [String]) -> [String] {
        candidates.map { ($0, distance(text, $0)) }
            .filter { $0.1 <= max(2, text.count / 3) || $0.0.contains(text) || text.contains($0.0) }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
            .prefix(3).map(\.0)
    }

    /// The edit distance: how many characters must be put in, taken out or replaced.
    private static func distance(_ lhs: String, _ rhs: String) -> Int {
        let (left, right) = (Array(lhs.utf8), Array(rhs.utf8))
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
