/// Which way to go from a node of the lineage graph.
public enum LineageDirection: Hashable, Sendable, CaseIterable {
    /// Towards inputs and producers: where something came from.
    case up
    /// Towards consumers and outputs: what was made of it.
    case down
}
