import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import SystemPackage

extension Store {
    /// How old an object must be that nothing reaches, to be dropped.
    ///
    /// Work that is not finished has objects that no ref reaches yet.
    public static let defaultGrace = Duration.seconds(14 * 86_400)

    /// Packs what is scattered, drops what nothing reaches, and removes what killed writers left.
    ///
    /// Has the store alone meanwhile: other writers wait. Readers go on.
    ///
    /// - Parameters:
    ///   - grace: The age below which objects that nothing reaches are kept. All are where git has working trees beside
    ///     the store: what is staged there only git knows.
    ///   - isDryRun: Whether only to find out what would be done.
    ///   - onWait: Told, once, that others are writing, with the process of one of them.
    ///   - progress: Told of bytes that are packed.
    /// - Returns: What was done.
    /// - Throws: ``UpkeepRefused`` if what a ref needs cannot be read: nothing is removed then.
    public func collectGarbage(
        grace: Duration = defaultGrace, dryRun isDryRun: Bool = false, onWait: (Int?) -> Void = { _ in },
        progress: Progress.Handler? = nil
    ) throws -> Upkeep {
        let lock = try StoreLock(layout.lock, .exclusive, limit: .seconds(86_400), onWait: onWait)
        return try withExtendedLifetime(lock) {
            pool.refresh()
            let cutoff =
                hasWorkingTrees
                ? Int.min : grace == .zero ? Int.max : FileStatus.now() - Int(grace / .nanoseconds(1))
            var inventory = try ObjectInventory(of: layout.objects)
            try inventory.checkIndexes()
            try inventory.addTemporaries(before: cutoff)
            let liveness = try Liveness(of: inventory, in: self, cutoff: cutoff)
            let plan = ConsolidationPlan(inventory, liveness)
            var upkeep = try plan.summary()
            guard !isDryRun else {
                upkeep.packedRefCount = try pool.with { try RefPacker($0).looseNames().count }
                return upkeep
            }
            let before = layout.objects.storedByteCount
            let forgetGarbage = {
                try Reflogs(in: self.layout.repository).expire(before: cutoff / 1_000_000_000) { id in
                    inventory.position(of: id).map { liveness[$0] != .garbage } ?? true
                }
                if upkeep.dropped.objectCount > 0 { try self.removeCommitGraphs() }
            }
            var consolidation = Consolidation(plan, progress)
            do {
                try consolidation.write()
            } catch {
                guard (error as? FileError)?.errno == .noSpace, upkeep.dropped.objectCount > 0 else {
                    throw error
                }
                // There is no room to copy what stays before what goes is gone.
                try forgetGarbage()
                try consolidation.removeGarbage()
                // Whoever has a file open keeps the disk from having its room.
                pool.refresh()
                consolidation = Consolidation(plan.withoutGarbage, progress)
                try consolidation.write()
            }
            upkeep.packedRefCount = try pool.with { try RefPacker($0).pack() }
            try forgetGarbage()
            upkeep.newPackCount = try consolidation.removeOld()
            for path in inventory.leftovers { try path.isFolder ? path.removeAll() : path.removeFile() }
            upkeep.freedByteCount = before - layout.objects.storedByteCount
            pool.refresh()
            return upkeep
        }
    }

    private var hasWorkingTrees: Bool {
        (try? layout.repository.appending("worktrees").folderEntries())?.isEmpty == false
    }

    /// Removes git's cache of commits, which must not name one that is gone.
    private func removeCommitGraphs() throws {
        let info = layout.objects.appending("info")
        try info.appending("commit-graph").removeFile()
        let chain = info.appending("commit-graphs")
        if chain.isFolder { try chain.removeAll() }
    }
}
