import Amphora

/// A graph as it is drawn: nodes with words, and what leads to what.
struct Graph: Sendable {
    struct Node: Sendable {
        enum Kind: String, Sendable {
            case version, run

            /// What nodes are where types are drawn.
            var typeTitle: String {
                switch self {
                case .version: "artifact type"
                case .run: "job type"
                }
            }
        }

        enum Condition: String, Sendable {
            case deleted, failed, running

            /// Told before the words, since not everybody sees a colour.
            var sign: String {
                switch self {
                case .deleted: ""
                case .failed: "✕ "
                case .running: "● "
                }
            }
        }

        /// Letters, digits and `_` only, and the same for ever; of what stands for several that of their first.
        let key: String
        /// By what it is opened if it stands for several: letters, digits and `_`, too.
        var foldKey: String?
        let kind: Kind
        let lines: [String]
        /// Where a click leads.
        let place: Place?
        var query = Query()
        /// More than the lines say.
        var detail = ""
        /// What is not as with most.
        var condition: Condition?
        /// Whether it is what the reader has asked about.
        var isCentre = false
        /// How many nodes have been put together in this one.
        var count = 1
        /// What makes nodes alike: those of one class may be put together.
        let family: String
    }

    struct Edge: Hashable, Sendable {
        let from: Int
        let to: Int
        var label: String?
    }

    var nodes: [Node]
    /// By positions of nodes.
    var edges: [Edge]
    /// Whether its nodes are types, and not versions and runs.
    private(set) var isOfTypes = false

    /// Every version and run.
    init(_ lineage: LineageGraph, centre: LineageGraph.NodeID? = nil) {
        let versions = lineage.versions.map { version in
            let id = LineageGraph.NodeID.version(version.commitID)
            let aliases = version.aliases.sorted().map(\.rawValue)
            return Node(
                // 12 digits of a commit are enough to tell versions apart.
                key: String(id.key.prefix(14)), kind: .version,
                lines: [
                    "\(version.name)",
                    ([version.type.rawValue] + (aliases.isEmpty ? [] : [aliases.joined(separator: ", ")]))
                        .joined(separator: " · "),
                ],
                place: version.isDeleted
                    ? .artifact(version.name.artifact) : .version(version.name, .overview),
                detail: version.isDeleted
                    ? "\(version.name), deleted"
                    : "\(version.name), \(version.type), \(Format.bytes(version.byteCount))",
                condition: version.isDeleted ? .deleted : nil, isCentre: id == centre,
                family: "v \(version.type) \(version.name.artifact)")
        }
        let runs = lineage.runs.map { run in
            let id = LineageGraph.NodeID.run(run.id)
            let titles = [run.jobType, run.name].filter { !$0.isEmpty }.map { $0.escapingControlCharacters() }
            return Node(
                key: id.key, kind: .run, lines: titles.isEmpty ? [run.id.rawValue] : titles,
                place: .run(run.id, .overview),
                detail:
                    "\(titles.joined(separator: " ")), \(run.state.rawValue), \(Format.date(run.created)) UTC",
                condition: Node.Condition(run.state), isCentre: id == centre,
                family: "r \(run.jobType)")
        }
        nodes = versions + runs
        var positions: [LineageGraph.NodeID: Int] = [:]
        for (index, version) in lineage.versions.enumerated() {
            positions[.version(version.commitID)] = index
        }
        for (index, run) in lineage.runs.enumerated() { positions[.run(run.id)] = versions.count + index }
        edges = lineage.edges.compactMap { edge in
            positions[edge.from].flatMap { from in positions[edge.to].map { Edge(from: from, to: $0) } }
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    /// Every artifact type and job type.
    init(_ groups: LineageGroups) {
        isOfTypes = true
        let types = groups.artifactTypes.map { group in
            Node(
                key: group.id.key, kind: .version,
                lines: [
                    group.type.rawValue,
                    "\(Format.count(group.artifactCount, "artifact")), \(Format.count(group.versionCount, "version"))",
                ],
                place: .project, family: group.id.key)
        }
        let jobs = groups.jobTypes.map { group in
            Node(
                key: group.id.key, kind: .run,
                lines: [
                    group.jobType.isEmpty ? "no job type" : group.jobType.escapingControlCharacters(),
                    Format.count(group.runCount, "run"),
                ],
                place: .runs, family: group.id.key)
        }
        nodes = types + jobs
        let ids = groups.artifactTypes.map(\.id) + groups.jobTypes.map(\.id)
        let positions = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
        edges = groups.edges.compactMap { edge in
            positions[edge.from].flatMap { from in
                positions[edge.to].map { Edge(from: from, to: $0, label: "\(edge.linkCount)") }
            }
        }
    }
}

extension Graph.Node.Condition {
    init?(_ state: RunState) {
        switch state {
        case .failed, .crashed: self = .failed
        case .running: self = .running
        case .finished: return nil
        }
    }
}
