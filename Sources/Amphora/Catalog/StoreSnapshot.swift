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
    public let tips: String
    let generation: Catalog.Generation
    /// When what is damaged was last looked at.
    let looked: Date

    /// For how long what is damaged counts as damaged, unless a ref moves.
    static let damageInterval = 5.0

    /// Whether another one shows the same, states of runs included.
    public func isSame(as other: StoreSnapshot) -> Bool {
        generation == other.generation && conflicts == other.conflicts
            && runs.lazy.map(\.state).elementsEqual(other.runs.lazy.map(\.state))
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
    /// - Complexity: A `stat` for each artifact if nothing has changed; else O(versions + runs), and of runs only
    ///   those that have changed are read.
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
    }

    private func generation() throws -> Generation {
        guard let row = try Row.fetchOne(database, sql: "SELECT id, changes FROM generation") else {
            throw damage
        }
        return Generation(index: row[0], changes: row[1])
    }

    /// - Parameters:
    ///   - previous: What has not changed since is taken from it.
    ///   - known: All of it is taken from this one if no ref has moved.
    ///   - now: The moment.
    /// - Returns: One state of all of it.
    /// - Throws: Database errors, and if refs cannot be read.
    func snapshot(
        after previous: StoreSnapshot?, ifSame known: StoreSnapshot?, _ now: Date
    ) throws -> StoreSnapshot {
        let generation = try generation()
        let conflicts = try store.aliasConflicts()
        if let known, known.generation == generation {
            // Processes die without a word.
            let runs = known.runs.map { $0.record.state == .running ? store.refreshed($0) : $0 }
            return StoreSnapshot(
                versions: known.versions, tombstones: known.tombstones, aliases: known.aliases,
                conflicts: conflicts, runs: runs, damage: known.damage, tips: known.tips,
                generation: generation, looked: known.looked)
        }
        let known = Dictionary(uniqueKeysWithValues: (previous?.runs ?? []).map { ($0.commitID, $0.record) })
        let entries = try entries()
        let (runs, damagedRuns) = try runs(known: known)
        let damagedVersions = entries.compactMap { entry -> VersionDamaged? in
            guard case .damaged(let damage) = entry else { return nil }
            return damage
        }
        return StoreSnapshot(
            versions: entries.compactMap(\.version), tombstones: entries.compactMap(\.tombstone),
            aliases: try aliases(), conflicts: conflicts, runs: runs, damage: damagedVersions + damagedRuns,
            tips: try tips(), generation: generation, looked: now)
    }

    private func tips() throws -> String {
        let rows = try rows(
            """
            SELECT 'v', artifact, number, target FROM versions UNION ALL
            SELECT 'a', artifact, alias, target FROM aliases UNION ALL
            SELECT 'r', id, '', target FROM runs ORDER BY 1, 2, 3
            """)
        var text: [UInt8] = []
        while let row = try rows.next() {
            let name: String = row[1]
            let rest: String = row[2]
            text += "\(name) \(rest) \(try commitID(row, 3))\n".utf8
        }
        return "\(ObjectHasher.id(of: .blob, text))"
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
