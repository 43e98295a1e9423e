import Amphora

/// Aliases as people read them, with what a remote has where one was moved on both sides.
struct AliasLabels {
    private let conflicts: [ArtifactName: [AliasConflict]]
    private let store: Store

    init(in store: Store) throws {
        self.store = store
        conflicts = Dictionary(grouping: try store.aliasConflicts(), by: \.artifact)
    }

    /// `latest, best (origin: v3)`.
    func list(_ aliases: [Alias], of artifact: ArtifactName) -> String {
        aliases.map { alias in
            let others = conflicts(of: alias, artifact).map { "\($0.remote): \(text(of: $0))" }
            return others.isEmpty ? "\(alias)" : "\(alias) (\(others.joined(separator: ", ")))"
        }.joined(separator: ", ")
    }

    /// What remotes have.
    func conflicts(of alias: Alias, _ artifact: ArtifactName) -> [AliasConflict] {
        (conflicts[artifact] ?? []).filter { $0.alias == alias }
    }

    /// `v3`, or the commit if that is no version here.
    func text(of conflict: AliasConflict) -> String {
        version(of: conflict).map { "\($0.number)" } ?? conflict.target.abbreviated
    }

    private func version(of conflict: AliasConflict) -> VersionName? {
        (try? store.versions(of: conflict.artifact))?.first { $0.commitID == conflict.target }?.name
    }

    /// For programs: an object for each remote that has an alias elsewhere.
    func json(_ aliases: [Alias], of artifact: ArtifactName) -> JSONValue {
        .array(
            aliases.flatMap { conflicts(of: $0, artifact) }.map { $0.json(version: version(of: $0)) })
    }
}

extension Version {
    /// What every command says of a version: also what remotes have of its aliases that were moved on both sides.
    func json(aliases: [Alias], _ labels: AliasLabels) -> JSONValue {
        var json = json(aliases: aliases)
        json["conflicts"] = labels.json(aliases, of: name.artifact)
        return json
    }
}
