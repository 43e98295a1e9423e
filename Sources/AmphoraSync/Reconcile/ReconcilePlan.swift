package import AmphoraGit
package import AmphoraObjects

/// What a plan must know about commits beside their IDs.
package struct CommitFacts: Sendable {
    /// The version that a tombstone stands for; `nil` for other commits.
    package let deleted: @Sendable (ObjectID) -> ObjectID?
    /// Whether the first save of a run is one of those that led to the second.
    package let isBefore: @Sendable (ObjectID, ObjectID) -> Bool

    package init(
        deleted: @escaping @Sendable (ObjectID) -> ObjectID? = { _ in nil },
        isBefore: @escaping @Sendable (ObjectID, ObjectID) -> Bool = { _, _ in false }
    ) {
        self.deleted = deleted
        self.isBefore = isBefore
    }
}

/// How two stores are brought together: computed from refs alone, before anything is changed.
package struct ReconcilePlan: Sendable {
    /// A version of ours that gets another number.
    package struct Renumbering: Sendable {
        package let old: VersionName
        package let new: VersionName
    }

    /// What was decided about each ref that is not the same everywhere, sorted.
    package private(set) var decisions: [(name: RefName, decision: Decision)] = []
    /// In the order of the old numbers.
    package private(set) var renumberings: [Renumbering] = []
    /// Aliases that go with the versions that they point at.
    package private(set) var orphans: [RefName] = []
    /// The refs as they are when the plan was carried out; runs to be merged are as they were.
    package private(set) var result: SyncedRefs

    /// Makes the plan.
    ///
    /// - Parameters:
    ///   - refs: The refs before.
    ///   - elsewhere: Versions that another remote has as they are here.
    ///   - occupied: Names under which the remote has something that is none of a store's refs.
    ///   - damaged: Names under which the remote has something that cannot be read; there may be what was last seen.
    ///   - facts: Looks at commits.
    ///   - scope: The refs that matter; a version matters with all versions of its artifact.
    package init(
        _ refs: SyncedRefs, elsewhere: Set<RefName> = [], occupied: Set<RefName> = [],
        damaged: Set<RefName> = [], facts: CommitFacts, scope: (RefName) -> Bool = { _ in true }
    ) {
        result = refs
        // What was being sent when we last heard of it has arrived: both had it.
        for (name, target) in refs.sending where scope(name) && refs.there[name] == target {
            result.agreed[name] = target
            result.sending[name] = nil
        }
        let moves = Self.moves(in: refs, facts)
        for name in refs.names.sorted() where scope(name) {
            let states = RefStates(
                here: refs.here[name], there: refs.there[name], agreed: result.agreed[name])
            // Nothing is concluded from what cannot be read; a version stays what it was when it was last seen.
            guard !damaged.contains(name) || name.version != nil && states.there != nil else { continue }
            guard let decision = Self.decision(name, states, elsewhere, occupied, moves, facts) else {
                continue
            }
            if decision != .agreed { decisions.append((name, decision)) }
            if [.take, .renumber, .follow].contains(decision) { result.here[name] = states.there }
            if decision == .follow, let move = moves[name] { renumberings.append(move) }
        }
        renumber(refs, elsewhere, occupied.union(damaged))
        carryDeletions(refs, moves)
        renumberings.sort { $0.old < $1.old }
        dropOrphans(refs, facts, scope)
        let newest = Self.newestVersions(in: result.here, facts)
        for artifact in Set(refs.names.filter(scope).compactMap(\.artifact)) {
            result.here[.alias(.latest, of: artifact)] = newest[artifact]
        }
        // What both have now is what they agree on, be it that neither has it.
        for name in refs.names.union(result.here.keys)
        where scope(name) && !name.isLatest && result.here[name] == refs.there[name] {
            guard !damaged.contains(name) || refs.there[name] != nil else { continue }
            result.agreed[name] = result.here[name]
        }
    }

    private static func decision(
        _ name: RefName, _ states: RefStates, _ elsewhere: Set<RefName>, _ occupied: Set<RefName>,
        _ moves: [RefName: Renumbering], _ facts: CommitFacts
    ) -> Decision? {
        if name.version != nil {
            return .aboutVersion(
                states, isKnownElsewhere: elsewhere.contains(name), isOccupied: occupied.contains(name),
                isMoved: moves[name] != nil, deleted: facts.deleted)
        }
        // That something else has the name there says nothing about ours, least of all that it was removed.
        guard !occupied.contains(name) else { return nil }
        if name.alias != nil { return name.isLatest ? nil : .aboutAlias(states) }
        return .aboutRun(states, isBefore: facts.isBefore)
    }

    /// The versions that both had agreed on and that have other numbers there now: the remote has an upstream of its own,
    /// for whose versions it made room.
    private static func moves(in refs: SyncedRefs, _ facts: CommitFacts) -> [RefName: Renumbering] {
        let gone = refs.agreed.filter { name, target in
            refs.there[name].map { $0 != target && facts.deleted($0) != target } == true
        }
        let artifacts = Set(gone.keys.compactMap(\.version?.artifact))
        guard !artifacts.isEmpty else { return [:] }
        var names: [ObjectID: VersionName] = [:]
        for (name, target) in refs.there {
            guard let version = name.version, artifacts.contains(version.artifact) else { continue }
            let original = facts.deleted(target) ?? target
            if refs.agreed[name] != original { names[original] = min(names[original] ?? version, version) }
        }
        return gone.reduce(into: [:]) { moves, entry in
            guard let old = entry.key.version, let new = names[entry.value], new.artifact == old.artifact
            else { return }
            moves[entry.key] = Renumbering(old: old, new: new)
        }
    }

    /// Gives the versions that make room for theirs the next free numbers, and those of ours that come after them, too:
    /// so their order stays.
    private mutating func renumber(
        _ refs: SyncedRefs, _ elsewhere: Set<RefName>, _ taken: Set<RefName>
    ) {
        let colliding = Dictionary(grouping: names(.renumber).compactMap(\.version), by: \.artifact)
        for (artifact, versions) in colliding.sorted(by: { $0.key < $1.key }) {
            guard let first = versions.min() else { continue }
            // Nobody else knows these yet.
            let following = names(.give).compactMap(\.version).filter { version in
                version.artifact == artifact && version > first && refs.there[.version(version)] == nil
                    && refs.agreed[.version(version)] == nil && !elsewhere.contains(.version(version))
            }
            let moving = (versions + following).sorted()
            for old in moving { result.here[.version(old)] = refs.there[.version(old)] }
            var next =
                Set(result.here.keys).union(refs.there.keys).union(taken).compactMap(\.version)
                .filter { $0.artifact == artifact }.map(\.number.next).max() ?? .first
            for old in moving {
                let target = refs.here[.version(old)]
                // The remote may have it already, under the number that somebody else gave it.
                let known = refs.there.filter { $0.value == target }.compactMap(\.key.version)
                    .filter { $0.artifact == artifact }.min()
                let new = known ?? VersionName(artifact, next)
                if known == nil { next = next.next }
                result.here[.version(new)] = target
                if new != old { renumberings.append(Renumbering(old: old, new: new)) }
            }
        }
    }

    /// Deletes under their new numbers the versions that were deleted here under their old ones.
    private mutating func carryDeletions(_ refs: SyncedRefs, _ moves: [RefName: Renumbering]) {
        for name in names(.follow) where refs.here[name] != refs.agreed[name] {
            guard let new = moves[name].map({ RefName.version($0.new) }) else { continue }
            // If it has been deleted there, too, theirs stays.
            guard result.here[new] == refs.agreed[name] else { continue }
            result.here[new] = refs.here[name]
            result.agreed[new] = refs.there[new]
        }
    }

    /// Takes away aliases of versions that have been deleted on the other side, here and there.
    private mutating func dropOrphans(
        _ refs: SyncedRefs, _ facts: CommitFacts, _ scope: (RefName) -> Bool
    ) {
        let live = Set(result.here.filter { $0.key.version != nil }.values)
        let astray = result.here.filter { name, target in
            name.alias != nil && !name.isLatest && scope(name) && !live.contains(target)
        }
        let artifacts = Set(astray.compactMap(\.key.artifact))
        let deleted = Set(
            result.here.filter { $0.key.version.map { artifacts.contains($0.artifact) } == true }
                .compactMap { facts.deleted($0.value) })
        for (name, target) in astray where deleted.contains(target) {
            result.here[name] = nil
            // As if both had had it: so the next push takes it away there.
            result.agreed[name] = refs.there[name]
            decisions.removeAll { $0.name == name }
            orphans.append(name)
        }
        orphans.sort()
    }

    /// What `latest` points at: the version with the highest number that is not deleted.
    private static func newestVersions(
        in refs: [RefName: ObjectID], _ facts: CommitFacts
    ) -> [ArtifactName: ObjectID] {
        let versions = refs.compactMap { name, target in name.version.map { (name: $0, target: target) } }
        return Dictionary(grouping: versions, by: \.name.artifact).compactMapValues { versions in
            versions.sorted { $0.name > $1.name }.first { facts.deleted($0.target) == nil }?.target
        }
    }

    /// What a push changes at the remote when the plan was carried out, in an order in which each ref makes sense.
    ///
    /// - Parameters:
    ///   - facts: Looks at commits.
    ///   - isWanted: Whether a ref that points here at that object is to be sent.
    /// - Returns: The changes; those of `latest` follow from versions.
    package func outgoing(
        _ facts: CommitFacts, where isWanted: (RefName, ObjectID?) -> Bool = { _, _ in true }
    ) -> [RefChange] {
        let given = ReconcilePlan(result, facts: facts).names(.give).filter { isWanted($0, result.here[$0]) }
        var there = result.there
        for name in given { there[name] = result.here[name] }
        let newest = Self.newestVersions(in: there, facts)
        let grown = Set(given.compactMap(\.version?.artifact))
        for artifact in Set(there.keys.compactMap(\.version?.artifact)) {
            let name = RefName.alias(.latest, of: artifact)
            // Behind, too, where a push ended between the versions and what follows them.
            if grown.contains(artifact) || isWanted(name, newest[artifact]) { there[name] = newest[artifact] }
        }
        // Versions, then the runs that name them, then what people follow.
        let rank = { (name: RefName) in name.version != nil ? 0 : name.run != nil ? 1 : 2 }
        return [RefChange](from: result.there, to: there)
            .sorted { (rank($0.name), $0.name) < (rank($1.name), $1.name) }
    }

    /// The refs about which `decision` was made.
    package func names(_ decision: Decision) -> [RefName] {
        decisions.filter { $0.decision == decision }.map(\.name)
    }
}

extension RefName {
    /// The artifact that a version or an alias belongs to.
    package var artifact: ArtifactName? { version?.artifact ?? alias?.artifact }

    var isLatest: Bool { alias?.alias == .latest }
}
