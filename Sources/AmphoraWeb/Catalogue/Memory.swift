import Amphora

/// What pages have worked out, for all requests.
struct Memory: Sendable {
    /// By the tag of the catalogue.
    private let lineages = Kept<String, LineageGraph>(limit: 1)
    private let steps = Kept<String, LineageSteps>(limit: 1)
    private let graphs = Kept<String, Graph>(limit: 1)
    /// By the tag, and what is opened.
    private let foldings = Kept<[String], Graph?>(limit: 8)
    private let overviews = Kept<String, Graph>(limit: 1)
    /// By the save of the run.
    private let histories = Kept<CommitID, MetricHistory>(limit: 32)
    /// By the two versions.
    private let diffs = Kept<[CommitID], VersionDiff>(limit: 8)
    private let listings = Kept<Listing, [FolderEntry]>(limit: 2)

    private struct Listing: Equatable {
        let treeID: TreeID
        let folder: ArtifactPath?
    }

    /// The whole graph.
    func lineage(_ catalogue: Catalogue) -> LineageGraph {
        lineages(catalogue.tag) { catalogue.snapshot.lineage }
    }

    /// The whole graph as a table.
    func steps(_ catalogue: Catalogue) -> LineageSteps {
        steps(catalogue.tag) { LineageSteps(lineage(catalogue)) }
    }

    /// The whole graph as it is drawn, nothing put together.
    func graph(_ catalogue: Catalogue) -> Graph {
        graphs(catalogue.tag) { Graph(lineage(catalogue)) }
    }

    /// The whole graph with what is alike put together; `nil` if it is still too large.
    func folded(_ catalogue: Catalogue, opened: Set<String>) -> Graph? {
        foldings([catalogue.tag] + opened.sorted()) { graph(catalogue).folded(opened: opened) }
    }

    /// The whole store in few nodes: its versions and runs put together, or their types.
    func overview(_ catalogue: Catalogue) -> Graph {
        overviews(catalogue.tag) {
            let count = catalogue.snapshot.versions.count + catalogue.snapshot.runs.count
            let folded = count <= Self.overviewLimit ? graph(catalogue).folded(limit: 24) : nil
            return folded ?? Graph(lineage(catalogue).grouped())
        }
    }

    /// Larger stores hardly ever fold into a few nodes, and it would take long to find out.
    private static let overviewLimit = 2000

    /// The metrics of a run.
    ///
    /// - Throws: `NotInStore`, `ContentAbsent`.
    func history(of run: RunInfo, in store: Store) throws -> MetricHistory {
        // It is read as it is by now.
        try histories(run.commitID, if: { _ in (try? store.run(run.id.rawValue).commitID) == run.commitID }) {
            try MetricHistory(of: run.id, in: store)
        }
    }

    /// How one version differs from another.
    ///
    /// - Throws: `VersionDamaged`, `ContentAbsent`.
    func diff(_ old: Version, _ new: Version, in store: Store) throws -> VersionDiff {
        try diffs([old.commitID, new.commitID], if: { $0.newBytes != nil }) { try store.diff(old, new) }
    }

    /// What is in a folder of a version; nothing is in a file.
    ///
    /// - Throws: `VersionDamaged`, `ContentAbsent`; if there is no such path, an error that says so.
    func entries(of version: Version, below folder: ArtifactPath?) throws -> [FolderEntry] {
        // What is not here may come, without a change of any ref.
        try listings(
            Listing(treeID: version.treeID, folder: folder),
            if: { !$0.isEmpty && $0.allSatisfy { $0.missingCount == 0 } }
        ) {
            try FolderEntry.all(of: version, below: folder)
        }
    }
}
