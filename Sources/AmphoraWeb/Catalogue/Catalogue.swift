import Amphora
import FoundationEssentials

/// What a store has, arranged so that pages find it at once.
///
/// Made anew when a ref has moved, and shared by all requests until then.
struct Catalogue: Sendable {
    let snapshot: StoreSnapshot
    /// As HTTP's entity tags are: another for another state of the store, or another server.
    let tag: String
    /// Sorted by name.
    let artifacts: [ArtifactEntry]
    /// By name, for looking one up.
    private let artifactPositions: [ArtifactName: Int]
    private let versionPositions: [CommitID: Int]
    private let runPositions: [RunID: Int]
    private let aliasesByArtifact: [ArtifactName: [AliasTarget]]
    private let aliasesByTarget: [CommitID: [AliasTarget]]
    private let usesByTarget: [CommitID: [Use]]

    /// All about one artifact.
    struct ArtifactEntry: Sendable {
        let name: ArtifactName
        /// By number, those that are deleted left out; may be empty.
        let versions: [Version]
        /// By number.
        let tombstones: [Tombstone]

        var newest: Version? { versions.last }
        /// When the newest version was logged; or, if there is none any more, the last was deleted.
        var lastChange: Date? { newest?.created ?? tombstones.map(\.signature.date).max() }
        var type: ArtifactType? { (newest?.type ?? tombstones.last?.type) }
    }

    /// A run that used or logged a version.
    struct Use: Sendable {
        let runID: RunID
        let role: LinkRole
    }

    /// - Parameters:
    ///   - snapshot: The state of the store.
    ///   - server: What is another for each server: programs change, and what a project is called.
    init(_ snapshot: StoreSnapshot, server: String = "") {
        self.snapshot = snapshot
        let states = snapshot.runs.indices.compactMap { position -> String? in
            snapshot.runs[position].state == .running ? snapshot.runs[position].id.rawValue : nil
        }
        let conflicts = snapshot.conflicts.map { "\($0.artifact):\($0.alias) \($0.remote) \($0.target)" }
        let damage = snapshot.damage.map { ErrorReport($0).message }
        let facts =
            [server, snapshot.tips] + states + conflicts + damage
        tag = "\"\(Sign.of(facts.joined(separator: "\n").utf8))\""
        let versions = Dictionary(grouping: snapshot.versions, by: \.name.artifact)
        let tombstones = Dictionary(grouping: snapshot.tombstones, by: \.name.artifact)
        artifacts = Set(versions.keys).union(tombstones.keys).sorted().map {
            ArtifactEntry(name: $0, versions: versions[$0] ?? [], tombstones: tombstones[$0] ?? [])
        }
        artifactPositions = Dictionary(
            uniqueKeysWithValues: artifacts.enumerated().map { ($1.name, $0) })
        // Of two names of one commit the newer counts.
        versionPositions = Dictionary(snapshot.versions.enumerated().map { ($1.commitID, $0) }) { $1 }
        runPositions = Dictionary(uniqueKeysWithValues: snapshot.runs.enumerated().map { ($1.id, $0) })
        aliasesByTarget = Dictionary(grouping: snapshot.aliases, by: \.target)
        aliasesByArtifact = Dictionary(grouping: snapshot.aliases, by: \.artifact)
        var uses: [CommitID: [Use]] = [:]
        for run in snapshot.runs {
            for link in run.links {
                uses[link.commitID, default: []].append(Use(runID: run.id, role: link.role))
            }
        }
        usesByTarget = uses
    }

    func artifact(_ name: ArtifactName) -> ArtifactEntry? { artifactPositions[name].map { artifacts[$0] } }

    func version(_ commitID: CommitID) -> Version? {
        versionPositions[commitID].map { snapshot.versions[$0] }
    }

    func version(_ name: VersionName) -> Version? {
        guard let versions = artifact(name.artifact)?.versions else { return nil }
        // Numbers count up, and what is deleted is left out.
        let last = min(name.number.rawValue, versions.count - 1)
        guard last >= 0 else { return nil }
        return versions[...last].last { $0.name.number <= name.number }.flatMap {
            $0.name == name ? $0 : nil
        }
    }

    func run(_ id: RunID) -> RunInfo? { runPositions[id].map { snapshot.runs[$0] } }

    /// The aliases of a version.
    func aliases(of version: Version) -> [Alias] {
        (aliasesByTarget[version.commitID] ?? []).filter { $0.artifact == version.name.artifact }.map(\.alias)
    }

    /// The versions of an artifact that have aliases, the newest first.
    func aliasedVersions(of artifact: ArtifactEntry) -> [Version] {
        let targets = Set((aliasesByArtifact[artifact.name] ?? []).map(\.target))
        return artifact.versions.reversed().filter { targets.contains($0.commitID) }
    }

    /// The aliases that are another version in a remote.
    func conflicts(of artifact: ArtifactName) -> [AliasConflict] {
        snapshot.conflicts.filter { $0.artifact == artifact }
    }

    /// The runs that used or logged a version, the oldest first.
    func uses(of commitID: CommitID) -> [Use] { usesByTarget[commitID] ?? [] }
}
