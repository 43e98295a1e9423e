import Amphora

/// A lineage graph as a table: what each run used and logged.
struct LineageSteps: Sendable {
    /// A run with what it is linked to; or, without a run, a version that no run has logged.
    struct Step: Sendable {
        var run: LineageGraph.RunNode?
        var inputs: [LineageGraph.VersionNode] = []
        var outputs: [LineageGraph.VersionNode] = []
    }

    /// The newest runs first.
    let steps: [Step]

    init(_ lineage: LineageGraph) {
        let versions = Dictionary(lineage.versions.map { ($0.commitID, $0) }) { first, _ in first }
        var steps = Dictionary(lineage.runs.map { ($0.id, Step(run: $0)) }) { first, _ in first }
        var logged: Set<CommitID> = []
        for edge in lineage.edges {
            switch (edge.from, edge.to) {
            case (.version(let id), .run(let run)):
                if let version = versions[id] { steps[run]?.inputs.append(version) }
            case (.run(let run), .version(let id)):
                if let version = versions[id] { steps[run]?.outputs.append(version) }
                logged.insert(id)
            default: break
            }
        }
        let unmade = lineage.versions.filter { !logged.contains($0.commitID) }
        self.steps =
            lineage.runs.reversed().compactMap { steps[$0.id] } + unmade.map { Step(outputs: [$0]) }
    }

    func table() -> Table<Step> {
        Table(
            columns: [
                Column(
                    key: "run", title: "Run",
                    cell: { step in
                        step.run.map {
                            .link($0.name.isEmpty ? $0.id.rawValue : $0.name, .run($0.id, .overview))
                        }
                            ?? .text("no run")
                    }),
                Column(
                    key: "job", title: "Job type", cell: { .text($0.run?.jobType ?? "") },
                    sortKey: { $0.run.map { .text($0.jobType) } }),
                Column(
                    key: "state", title: "State",
                    cell: { step in step.run.map { Cell(text: $0.state.rawValue, state: $0.state) } ?? Cell()
                    }),
                Column(key: "used", title: "Used", cell: { Self.cell($0.inputs) }),
                Column(key: "logged", title: "Logged", cell: { Self.cell($0.outputs) }),
                Column(
                    key: "started", title: "Started", isNumber: true,
                    cell: { step in step.run.map { .date($0.created) } ?? Cell() },
                    sortKey: { step in step.run.map { .date($0.created) } }),
            ],
            rows: steps, caption: "What runs used and logged")
    }

    private static func cell(_ versions: [LineageGraph.VersionNode]) -> Cell {
        .labels(
            versions.map { version in
                Cell.Label(
                    text: "\(version.name)",
                    place: version.isDeleted
                        ? .artifact(version.name.artifact) : .version(version.name, .overview),
                    warning: version.isDeleted ? "Deleted" : nil)
            })
    }
}
