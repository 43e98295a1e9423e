import AmphoraGit
public import AmphoraObjects
import AmphoraPack
import AmphoraStore
import FoundationEssentials
import GRDB

/// What a store has at one moment: its versions, aliases and runs.
///
/// For who shows a store again and again: the next one is made from the one before and what has changed.
public struct StoreSnapshot: Sendable {
    /// Those that are not deleted, sorted by name.
    public let versions: [Version]
    /// Sorted by name.
    public let tombstones: [Tombstone]
    /// Sorted by artifact, `latest` first.
    public let aliases: [AliasTarget]
    public let conflicts: [AliasConflict]
    /// The oldest first.
    public let runs: [RunInfo]
    /// What cannot be read, and is left out above.
    public let damage: [any UserFacingError]
    /// 40 hexadecimal digits that change with any of the refs of versions, aliases and runs.
    ///
    /// And when the index is made anew, which is where changes are counted.
    public let tips: String
    let generation: Catalog.Generation
    /// When what is damaged was last looked at.
    let looked: Date

    /// For how long what is damaged counts as damaged, unless a ref moves.
    static let damageInterval = 5.0

    /// Whether another one shows the same, states of runs included.
    public func isSame(as other: StoreSnapshot) -> Bool {
        generation == other.generation && conflicts == other.conflicts
            && runs.count == other.runs.count
            && runs.indices.allSatisfy { runs[$0].state == other.runs[$0].state }
            && damage.map { ErrorReport($0).message } == other.damage.map { ErrorReport($0).message }
    }
}

extension Store {
    /// Takes down what the store has now.
    ///
    /// What was damaged in `previous` may have been mended: it is looked at again when a ref has moved, and every few
    /// seconds.
    ///
    /// - Parameter previous: An older one of this store; what has not changed since is taken from it.
    /// - Returns: One state of all of it.
    /// - Throws: If refs cannot be read.
    /// - Complexity: A `stat` for each artifact if nothing has changed. Else O(versions + runs), and as long as
    ///   little has changed only that is read.
    public func snapshot(after previous: StoreSnapshot? = nil) throws -> StoreSnapshot {
        let now = surroundings.now()
        let known = previous.flatMap { previous in
            let age = abs(now.timeIntervalSince(previous.looked))
            return previous.damage.isEmpty || age < StoreSnapshot.damageInterval ? previous : nil
        }
        return try withCatalog(.allVersions, .allAliases, .runs, retryingDamaged: known == nil) {
            try $0.snapshot(after: previous, ifSame: known, now)
        }
    }
}

extension Catalog {
    /// Which state of the index it is: the same as long as nothing that refs point at has changed.
    struct Generation: Hashable, Sendable {
        let index: String
        let changes: Int

        fileprivate var tips: String { "\(ObjectHasher.id(of: .blob, Array("\(index) \(changes)\n".utf8)))" }
    }

    /// - Parameters:
    ///   - previous: Runs that have not changed since are taken from it.
    ///   - known: All that has not changed since is taken from this one.
    ///   - now: The moment.
    /// - Returns: One state of all of it.
    /// - Throws: Database errors, and if refs cannot be read.
    func snapshot(
        after previous: StoreSnapshot?, ifSame known: StoreSnapshot?, _ now: Date
    ) throws -> StoreSnapshot {
        guard let row = try Row.fetchOne(database, sql: "SELECT id, changes, noted FROM generation") else {
            throw damage
        }
        let generation = Generation(index: row[0], changes: row[1])
        if let known, known.generation.index == generation.index, known.generation.changes >= row[2],
            known.damage.isEmpty || known.generation == generation
        {
            return try snapshot(generation, after: known, now)
        }
        let known = Dictionary((previous?.runs ?? []).map { ($0.commitID, $0.record) }) { $1 }
        let entries = try entries()
        let (runs, damagedRuns) = try runs(known: known)
        return StoreSnapshot(
            versions: entries.compactMap(\.version), tombstones: entries.compactMap(\.tombstone),
            aliases: try aliases(), conflicts: try store.aliasConflicts(), runs: runs,
            damage: entries.compactMap(\.damage) + damagedRuns, tips: generation.tips, generation: generation,
            looked: now)
    }

    /// What has changed is read, the rest is as it was.
    private func snapshot(_ generation: Generation, after previous: StoreSnapshot, _ now: Date) throws
        -> StoreSnapshot
    {
        var (versions, tombstones, runs) = (previous.versions, previous.tombstones, previous.runs)
        // Processes die without a word.
        for index in runs.indices where runs[index].state == .running {
            if store.state(of: runs[index].record) != .running { runs[index] = store.refreshed(runs[index]) }
        }
        var damage = previous.damage
        if generation != previous.generation {
            let refs = try changedRefs(since: previous.generation)
            let names = Set(refs.compactMap(\.version))
            let entries = try names.compactMap(entry)
            let old = versions.replace({ names.contains($0.name) }, with: entries.compactMap(\.version)) {
                $0.name < $1.name
            }
            tombstones.replace({ names.contains($0.name) }, with: entries.compactMap(\.tombstone)) {
                $0.name < $1.name
            }
            // The links of a run have the names of versions, and those that say that it made them.
            var ids = Set(refs.compactMap(\.run))
            for version in old + entries.compactMap(\.version) {
                ids.formUnion(try roles(of: version.commitID).keys)
                if let id = version.producerID { ids.insert(id) }
            }
            let (changed, damagedRuns) = try self.runs(Array(ids))
            runs.replace({ ids.contains($0.id) }, with: changed) {
                ($0.record.created, $0.id) < ($1.record.created, $1.id)
            }
            damage = entries.compactMap(\.damage) + damagedRuns
        }
        return StoreSnapshot(
            versions: versions, tombstones: tombstones,
            aliases: generation == previous.generation ? previous.aliases : try aliases(),
            conflicts: try store.aliasConflicts(), runs: runs, damage: damage, tips: generation.tips,
            generation: generation, looked: generation == previous.generation ? previous.looked : now)
    }

    private func changedRefs(since generation: Generation) throws -> [RefName] {
        try String.fetchAll(
            database, sql: "SELECT ref FROM changes WHERE change > ?", arguments: [generation.changes]
        ).map { RefName(existing: $0) }
    }
}

extension VersionEntry {
    fileprivate var damage: VersionDamaged? {
        guard case .damaged(let damage) = self else { return nil }
        return damage
    }
}

extension Array {
    /// Takes elements out of a sorted array, and puts others in where they belong.
    ///
    /// - Returns: What was taken out.
    @discardableResult
    fileprivate mutating func replace(
        _ isGone: (Element) -> Bool, with others: [Element], _ precedes: (Element, Element) -> Bool
    ) -> [Element] {
        let gone = filter(isGone)
        if !gone.isEmpty { removeAll(where: isGone) }
        for element in others {
            var (low, high) = (startIndex, endIndex)
            while low < high {
                let middle = (low + high) / 2
                if precedes(self[middle], element) { low = middle + 1 } else { high = middle }
            }
            insert(element, at: low)
        }
        return gone
    }
}

extension Store {
    /// The run with its state as it is now.
    fileprivate func refreshed(_ run: RunInfo) -> RunInfo {
        RunInfo(
            id: run.id, record: run.record, links: run.links, state: state(of: run.record),
            commitID: run.commitID)
    }
}
