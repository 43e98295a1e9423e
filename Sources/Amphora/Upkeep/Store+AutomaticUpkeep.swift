import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

/// When upkeep happens by itself, and how much of it.
///
/// An object is looked for in all packs, one after another, so that a put of many objects slows down with their
/// number: fifty cost about a microsecond an object. A loose object costs a file of 4 KiB and
/// an open(2); two thousand are read in a tenth of a second, and come together in about 300 small puts.
/// A loose ref costs the same, and libgit2 reads all of them to list any.
struct AutomaticUpkeep {
    var looseLimit = 2_000
    var packLimit = 50
    var refLimit = 5_000
    /// Packs from this length on, in bytes, do not count and are not merged.
    static let largePackByteCount = 512 << 20
    /// The most that is rewritten at once, in bytes: two or three seconds' work, while other writers wait.
    static let mergeByteCount = 1 << 30
    /// After a failure it is not tried again for so long, in nanoseconds.
    static let pause = 86_400 * 1_000_000_000

    /// Which packs to merge, so that each byte is rewritten a few times only, however many packs come.
    ///
    /// The smallest, up to the first that is more than twice as long as all smaller ones together: what is
    /// merged becomes at least half as long again as the longest pack in it, so that a byte is written
    /// again at most log₁.₅(n) times.
    ///
    /// What remotes have is merged for itself, and so is all else.
    ///
    /// - Parameter packs: All packs that may go.
    /// - Returns: Positions in `packs`; none if it is not worth it.
    func packsToMerge(_ packs: [(byteCount: Int, isPromised: Bool)]) -> [Int] {
        let small = packs.indices.filter { packs[$0].byteCount < Self.largePackByteCount }
            .sorted { packs[$0].byteCount < packs[$1].byteCount }
        guard small.count > packLimit else { return [] }
        let byteCounts = packs.map(\.byteCount)
        return smallest(of: small.filter { packs[$0].isPromised }, byteCounts)
            + smallest(of: small.filter { !packs[$0].isPromised }, byteCounts)
    }

    private func smallest(of small: [Int], _ byteCounts: [Int]) -> [Int] {
        var sum = 0
        var sums: [Int] = []
        for position in small {
            sums.append(sum)
            sum += byteCounts[position]
        }
        var count = small.count
        while count > 1,
            byteCounts[small[count - 1]] > 2 * sums[count - 1]
                || sums[count - 1] + byteCounts[small[count - 1]] > Self.mergeByteCount
        {
            count -= 1
        }
        return count > 1 ? Array(small[..<count]) : []
    }
}

extension Store {
    /// Does the upkeep that is due, if any is and nobody else is writing: cheap, bounded, and never an error.
    ///
    /// Nothing is dropped. Switched off by `git config amphora.autoUpkeep false` in the store.
    public func tidyUp() { tidyUp(AutomaticUpkeep()) }

    func tidyUp(_ rule: AutomaticUpkeep) {
        do {
            guard try isTidyingOn(), isUpkeepDue(rule) else { return }
            let failure = layout.own.appending("upkeep-failed")
            if let status = try? FileStatus(of: failure, followLinks: false),
                FileStatus.now() - status.modified < AutomaticUpkeep.pause
            {
                return
            }
            guard let lock = try? StoreLock(layout.lock, .exclusive, limit: .zero) else { return }
            try withExtendedLifetime(lock) {
                do {
                    try tidyUpAlone(rule)
                } catch {
                    try failure.write("\(error)\n")
                }
            }
        } catch {
            // The command whose end this is has succeeded.
        }
    }

    private func isTidyingOn() throws -> Bool {
        let value = try pool.with { try $0.configuration("amphora.autoUpkeep") }
        return !["false", "no", "off", "0"].contains(value?.lowercased())
    }

    /// A look at the names of some folders.
    private func isUpkeepDue(_ rule: AutomaticUpkeep) -> Bool {
        let count = { (path: FilePath) in ((try? path.folderEntries()) ?? []).count }
        // IDs are spread evenly: four folders of 256 say how many there are in all.
        let sample = ["17", "5a", "a3", "e8"].reduce(0) { $0 + count(layout.objects.appending($1)) }
        if sample * 64 > rule.looseLimit { return true }
        let packs = (try? layout.objects.appending("pack").folderEntries()) ?? []
        if packs.count(where: { $0.suffix(4).elementsEqual(".idx".utf8) }) > rule.packLimit {
            return true
        }
        let refs = layout.repository.appending("refs")
        var refCount = count(refs.appending("notes").appending("runs"))
        for kind in ["tags", "heads"] {
            let folder = refs.appending(kind)
            for name in (try? folder.folderEntries()) ?? [] {
                refCount += count(folder.appending(bytes: name))
            }
        }
        return refCount > rule.refLimit
    }

    private func tidyUpAlone(_ rule: AutomaticUpkeep) throws {
        let inventory = try ObjectInventory(of: layout.objects)
        try inventory.checkIndexes()
        let candidates = inventory.packs.indices.filter { !inventory.packs[$0].isKept }
        let packs = rule.packsToMerge(
            candidates.map { (inventory.packs[$0].byteCount, inventory.packs[$0].isPromised) }
        ).map { candidates[$0] }
        let loose = inventory.loose.count > rule.looseLimit ? inventory.loose : []
        if !packs.isEmpty || !loose.isEmpty {
            let consolidation = Consolidation(
                ConsolidationPlan(inventory, packs: packs, loose: loose), nil)
            try consolidation.write()
            // As old as the youngest in it, so that what nothing needs is dropped some day.
            let times = packs.map { inventory.packs[$0].modified } + loose.map(\.modified)
            if let youngest = times.max() { try consolidation.setModified(youngest) }
            _ = try consolidation.removeOld()
        }
        try pool.with { repository in
            let refs = RefPacker(repository)
            if try refs.looseNames().count > rule.refLimit { _ = try refs.pack() }
        }
    }
}
