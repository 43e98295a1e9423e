import AmphoraObjects
import AmphoraStore

extension Store {
    /// The graph of all versions and runs.
    ///
    /// A version that a run links and that has been deleted since is a node too.
    public func lineage() throws -> LineageGraph {
        try withCatalog(.allVersions, .allAliases, .runs) { try $0.lineage() }
    }

    /// The part of the graph that `starts` came from, led to, or both.
    ///
    /// As ``LineageGraph/around(_:directions:depth:)`` takes it out of the whole graph, without looking at the
    /// rest.
    ///
    /// - Parameters:
    ///   - starts: Where to begin. Those that the store does not have are left out.
    ///   - directions: Which ways to go. With none, only `starts` are kept.
    ///   - depth: The most links to cross in each direction, or `nil` for any number.
    /// - Returns: The graph of those nodes.
    /// - Throws: If refs cannot be read.
    /// - Complexity: O(nodes + links) of that part.
    public func lineage(
        around starts: [LineageGraph.NodeID], directions: Set<LineageDirection>, depth: Int? = nil
    ) throws -> LineageGraph {
        try withCatalog(.allVersions, .allAliases, .runs) {
            try $0.lineage(around: starts, directions: directions, depth: depth)
        }
    }

    /// The node that a user means: a version by its name, or a run by its ID or name.
    ///
    /// - Throws: ``NotInStore`` if it is neither.
    public func lineageNode(_ text: String) throws -> LineageGraph.NodeID {
        do {
            return .version(try version(text).commitID)
        } catch {
            if let deleted = error as? VersionDeleted { return .version(deleted.tombstone.deletedID) }
            guard error is NotInStore || error is InvalidName else { throw error }
            let run: RunInfo
            do { run = try self.run(text) } catch let other { throw other is NotInStore ? error : other }
            return .run(run.id)
        }
    }
}
