import AmphoraObjects
import AmphoraStore
import GRDB

extension Catalog {
    /// The graph of all versions and runs.
    func lineage() throws -> LineageGraph {
        let aliases = Dictionary(grouping: try aliases(), by: \.target)
        let conflicts = Dictionary(grouping: try store.aliasConflicts(), by: \.artifact)
        let links = try links()
        let linked = Set(links.values.flatMap(\.keys))
        var versions: [CommitID: LineageGraph.VersionNode] = [:]
        for entry in try entries() {
            guard let node = node(entry, aliases: aliases, conflicts: conflicts) else { continue }
            if !node.isDeleted || linked.contains(node.commitID) { versions[node.commitID] = node }
        }
        return graph(versions, try runNodes(), links: links)
    }

    /// The part of it that `starts` came from, led to, or both: see
    /// ``LineageGraph/around(_:directions:depth:)``.
    ///
    /// - Complexity: O(nodes + links) of that part.
    func lineage(
        around starts: [LineageGraph.NodeID], directions: Set<LineageDirection>, depth: Int?
    ) throws -> LineageGraph {
        var walk = try LineageWalk(self)
        for start in starts { try walk.keep(start) }
        for direction in directions { try walk.go(direction, from: starts, depth: depth) }
        return graph(walk.versions, try runNodes(Array(walk.links.keys)), links: walk.links)
    }

    /// A graph of these nodes and all links between them.
    private func graph(
        _ versions: [CommitID: LineageGraph.VersionNode], _ runs: [LineageGraph.RunNode],
        links: [RunID: [CommitID: RunLink]]
    ) -> LineageGraph {
        var edges: Set<LineageGraph.Edge> = []
        for run in runs {
            // A link to a commit that no tag names is to a version that is not here: nothing is known of it.
            for link in (links[run.id] ?? [:]).values where versions[link.commitID] != nil {
                if link.role.isInput { edges.insert(.init(from: .version(link.commitID), to: .run(run.id))) }
                if link.role.isOutput { edges.insert(.init(from: .run(run.id), to: .version(link.commitID))) }
            }
        }
        return LineageGraph(versions: Array(versions.values), runs: runs, edges: Array(edges))
    }

    fileprivate func node(
        _ entry: VersionEntry, aliases: [CommitID: [AliasTarget]], conflicts: [ArtifactName: [AliasConflict]]
    ) -> LineageGraph.VersionNode? {
        switch entry {
        case .version(let version):
            let names = (aliases[version.commitID] ?? []).filter { $0.artifact == version.name.artifact }
                .map(\.alias)
            return LineageGraph.VersionNode(
                commitID: version.commitID, name: version.name, type: version.type, aliases: names,
                byteCount: version.byteCount, isDeleted: false,
                conflicts: (conflicts[version.name.artifact] ?? []).filter { names.contains($0.alias) })
        case .tombstone(let tombstone):
            return LineageGraph.VersionNode(
                commitID: tombstone.deletedID, name: tombstone.name, type: tombstone.type, aliases: [],
                byteCount: 0, isDeleted: true)
        case .damaged: return nil
        }
    }
}

/// A walk along the links, which looks at nothing but what it reaches.
private struct LineageWalk {
    private let catalog: Catalog
    private let aliases: [CommitID: [AliasTarget]]
    private let conflicts: [ArtifactName: [AliasConflict]]
    private(set) var versions: [CommitID: LineageGraph.VersionNode] = [:]
    /// The runs that are kept, and what they link.
    private(set) var links: [RunID: [CommitID: RunLink]] = [:]

    init(_ catalog: Catalog) throws {
        self.catalog = catalog
        aliases = Dictionary(grouping: try catalog.aliases(), by: \.target)
        conflicts = Dictionary(grouping: try catalog.store.aliasConflicts(), by: \.artifact)
    }

    /// Keeps a node.
    ///
    /// - Returns: `false` if there is none.
    @discardableResult
    mutating func keep(_ node: LineageGraph.NodeID) throws -> Bool {
        switch node {
        case .run(let id):
            if links[id] == nil { links[id] = try catalog.links(of: id) }
            return true
        case .version(let commitID):
            if versions[commitID] != nil { return true }
            // Of two with one commit the last, as in the whole graph.
            let node = try catalog.entries(called: commitID)
                .compactMap { catalog.node($0, aliases: aliases, conflicts: conflicts) }.last {
                    $0.commitID == commitID
                }
            guard let node, try !node.isDeleted || !catalog.roles(of: commitID).isEmpty else { return false }
            versions[commitID] = node
            return true
        }
    }

    mutating func go(
        _ direction: LineageDirection, from starts: [LineageGraph.NodeID], depth: Int?
    ) throws {
        var reached = Set(starts)
        var frontier = starts
        var level = 0
        while !frontier.isEmpty, level < depth ?? .max {
            level += 1
            var next: [LineageGraph.NodeID] = []
            for node in frontier {
                for neighbour in try neighbours(of: node, direction) where reached.insert(neighbour).inserted
                {
                    if try keep(neighbour) { next.append(neighbour) }
                }
            }
            frontier = next
        }
    }

    private func neighbours(
        of node: LineageGraph.NodeID, _ direction: LineageDirection
    ) throws -> [LineageGraph.NodeID] {
        let isWanted = { (role: LinkRole, leadsToRun: Bool) in
            (direction == .up) == leadsToRun ? role.isOutput : role.isInput
        }
        switch node {
        case .version(let commitID):
            return try catalog.roles(of: commitID).filter { isWanted($0.value, true) }.keys.map { .run($0) }
        case .run(let id):
            return (links[id] ?? [:]).values.filter { isWanted($0.role, false) }
                .map { .version($0.commitID) }
        }
    }
}
