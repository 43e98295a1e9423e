import AmphoraObjects

/// The numbers below a drawing of the graph in text.
struct LineageSummary {
    let runCount: Int
    let artifactCount: Int
    let versionCount: Int
    let loggedCount: Int
    let usedCount: Int

    /// For example `5 runs, 4 artifacts, 4 versions, 9 links (4 logged, 5 used)`.
    var text: String {
        let linkCount = loggedCount + usedCount
        let kinds = linkCount == 0 ? "" : " (\(loggedCount) logged, \(usedCount) used)"
        return [
            runCount.counting("run"), artifactCount.counting("artifact"), versionCount.counting("version"),
            linkCount.counting("link") + kinds,
        ].joined(separator: ", ")
    }
}

extension LineageSummary {
    init(_ graph: LineageGraph) {
        runCount = graph.runs.count
        artifactCount = Set(graph.versions.map(\.name.artifact)).count
        versionCount = graph.versions.count
        loggedCount = graph.edges.count { $0.isOutput }
        usedCount = graph.edges.count { !$0.isOutput }
    }

    init(_ groups: LineageGroups) {
        runCount = groups.jobTypes.reduce(0) { $0 + $1.runCount }
        artifactCount = groups.artifactTypes.reduce(0) { $0 + $1.artifactCount }
        versionCount = groups.artifactTypes.reduce(0) { $0 + $1.versionCount }
        loggedCount = groups.edges.reduce(0) { $0 + ($1.isOutput ? $1.linkCount : 0) }
        usedCount = groups.edges.reduce(0) { $0 + ($1.isOutput ? 0 : $1.linkCount) }
    }
}

extension LineageGraph.Edge {
    /// Whether a run logged a version, rather than used one.
    var isOutput: Bool { if case .run = from { true } else { false } }
}

extension LineageGroups.Edge {
    /// Whether runs logged versions, rather than used some.
    var isOutput: Bool { if case .jobType = from { true } else { false } }
}

extension Int {
    /// The number with a noun that takes an `s`: `1 run`, `2 runs`.
    func counting(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }
}
