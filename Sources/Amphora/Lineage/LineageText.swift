/// Draws lineage as indented trees, for a terminal.
///
///     load-data brave-sun-1 (finished)
///     └─ mnist-raw:v0 (dataset) [latest]
///        └─ preprocess-data swift-river-2 (finished)
///
/// Every text ends in a newline.
public enum LineageText {
    /// Draws a graph of versions and runs.
    ///
    /// A node that was drawn before with all that follows it is drawn again as one line that ends in `…`.
    ///
    /// - Parameters:
    ///   - graph: What to draw. For the ancestors *and* descendants of a node pass what
    ///     ``LineageGraph/around(_:directions:depth:)`` answers, without `starts`.
    ///   - starts: The nodes that begin the trees; what they do not lead to is left out. `nil`: all that
    ///     nothing leads to.
    ///   - direction: The way from a node to those indented below it.
    /// - Returns: The trees, an empty line, and a line of numbers.
    public static func render(
        _ graph: LineageGraph, from starts: [LineageGraph.NodeID]? = nil, direction: LineageDirection = .down
    ) -> String {
        let graph = starts.map { graph.around($0, directions: [direction]) } ?? graph
        let adjacency = Adjacency(graph)
        return render(
            labels: graph.versions.map(\.lineText) + graph.runs.map(\.lineText),
            children: adjacency.neighbours(direction),
            roots: starts?.compactMap { adjacency.positions[$0] } ?? adjacency.roots(direction),
            summary: LineageSummary(graph).text)
    }

    /// Draws a graph of artifact types and job types.
    public static func render(_ groups: LineageGroups) -> String {
        let adjacency = Adjacency(groups)
        return render(
            labels: groups.artifactTypes.map(\.lineText) + groups.jobTypes.map(\.lineText),
            children: adjacency.successors, roots: adjacency.roots(.down),
            summary: LineageSummary(groups).text)
    }

    private static func render(labels: [String], children: [[Int]], roots: [Int], summary: String) -> String {
        var forest = TextForest(labels: labels, children: children)
        for root in roots { forest.add(root) }
        return forest.text.isEmpty ? "\(summary)\n" : "\(forest.text)\n\(summary)\n"
    }
}
