import Amphora
public import AmphoraObjects

/// What became of one version, alias or run when two stores were brought together.
public struct SyncedChange: Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// It is new here.
        case new
        /// It points elsewhere now, or has more saves.
        case changed
        /// It is gone; of a version its number stays.
        case removed
        /// A version of ours has another number now.
        case renumbered
        /// An alias moved here and there; ours stays.
        case conflict
        /// A run that was saved here and there is one again.
        case merged
    }

    /// `mnist-raw:v3`, `mnist-raw:best`, or `run 3k9x2m1a`.
    public let name: String
    public let kind: Kind
    /// The new name of what was renumbered.
    public var newName: String?

    /// As a JSON object: `name`, `change`, and `new_name` where there is one.
    public var json: JSONValue {
        var fields: [String: JSONValue] = ["name": .string(name), "change": .string(kind.rawValue)]
        if let newName { fields["new_name"] = .string(newName) }
        return .object(fields)
    }
}

extension ReconcilePlan {
    /// What the plan changes here, sorted by name.
    func changes(from refs: SyncedRefs, _ facts: CommitFacts) -> [SyncedChange] {
        let numbers = Dictionary(uniqueKeysWithValues: renumberings.map { ($0.old, $0.new) })
        let dropped = orphans.filter { refs.here[$0] != nil }
            .map { SyncedChange(name: $0.title, kind: .removed) }
        let followed = Set(names(.follow).compactMap { $0.version.flatMap { numbers[$0] } })
        return dropped
            + decisions.compactMap { name, decision in
                let kind: SyncedChange.Kind
                switch decision {
                case .take:
                    let target = refs.there[name]
                    // It is told of under its old name.
                    if let version = name.version, followed.contains(version),
                        target.flatMap(facts.deleted) == nil
                    {
                        return nil
                    }
                    kind =
                        target == nil || target.flatMap(facts.deleted) != nil
                        ? .removed : refs.here[name] == nil ? .new : .changed
                case .renumber, .follow: kind = .renumbered
                case .conflict: kind = .conflict
                case .merge: kind = .merged
                case .give where name.version.map { numbers[$0] != nil } == true: kind = .renumbered
                case .agreed, .give, .rewritten, .clash: return nil
                }
                return SyncedChange(
                    name: name.title, kind: kind,
                    newName: name.version.flatMap { numbers[$0] }.map(\.description)
                )
            }
    }
}

extension [SyncedChange] {
    /// The versions among them whose type is not that of their artifact.
    func strayTypes(in store: Store) throws -> [StrayType] {
        let names = Set(filter { $0.kind == .new || $0.kind == .renumbered }.map { $0.newName ?? $0.name })
        return names.isEmpty ? [] : try store.strayTypes().filter { names.contains("\($0.version)") }
    }
}
