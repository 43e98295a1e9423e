import AmphoraGit
import AmphoraObjects
import AmphoraPack
import AmphoraStore

extension Store {
    /// Finds out what each artifact and version costs.
    ///
    /// - Parameter onDamage: Told of versions that cannot be read, and are left out.
    /// - Returns: For all artifacts, and for the store.
    /// - Throws: If refs or folders cannot be read at all.
    /// - Complexity: O(*n*) in the objects of all versions, counted anew for each version; each tree is read once.
    public func storageUse(onDamage: (VersionDamaged) -> Void = { _ in }) throws -> StorageUse {
        try whileNothingIsRemoved {
            let inventory = try ObjectInventory(of: layout.objects)
            try inventory.checkIndexes()
            let sizes = try storedSizes(in: inventory)
            let versions = try allVersions(onDamage: onDamage)
            return try pool.with { repository in
                var count = StorageCount(
                    sizes: sizes, graph: ObjectGraph(inventory, in: repository),
                    isPartial: inventory.isPartial, versions: versions)
                let commits = Set(versions.map(\.commitID.objectID))
                let roots = try ReferenceStore(repository).list("refs/").map(\.target)
                count.countOthers(roots.filter { !commits.contains($0) })
                var use = count.use()
                use.totalByteCount = layout.repository.storedByteCount
                use.overheadByteCount =
                    use.totalByteCount - use.versions.byteCount - use.others.byteCount
                    - use.unreachable.byteCount
                return use
            }
        }
    }

    /// Length of each object as it is stored; of several copies, the one in a pack.
    private func storedSizes(in inventory: ObjectInventory) throws -> [Int] {
        var sizes = [Int](repeating: 0, count: inventory.ids.count)
        for object in inventory.loose {
            if let position = inventory.position(of: object.id) { sizes[position] = object.byteCount }
        }
        for pack in inventory.packs {
            for entry in try PackReader(index: pack.path).entries() {
                if let position = inventory.position(of: entry.id) { sizes[position] = entry.byteCount }
            }
        }
        return sizes
    }
}

/// Counts who reaches each object: nobody, one or several.
private struct StorageCount {
    /// Who reaches an object: the number of the only one, or one of these.
    private enum Owner {
        static let nobody: Int32 = -1
        static let several: Int32 = -2
        /// Runs and refs that are no versions.
        static let others: Int32 = -3
    }

    private let sizes: [Int]
    private let graph: ObjectGraph
    private let isPartial: Bool
    private let versions: [Version]
    private let artifacts: [[Version]]
    private var versionOwners: [Int32]
    private var artifactOwners: [Int32]

    init(sizes: [Int], graph: ObjectGraph, isPartial: Bool, versions: [Version]) {
        self.sizes = sizes
        self.graph = graph
        self.isPartial = isPartial
        self.versions = versions
        artifacts = Dictionary(grouping: versions, by: \.name.artifact).values
            .sorted { $0[0].name.artifact < $1[0].name.artifact }
        versionOwners = [Int32](repeating: Owner.nobody, count: sizes.count)
        artifactOwners = versionOwners
    }

    private static func add(_ owner: Int32, to owners: inout [Int32], at position: Int) {
        let old = owners[position]
        owners[position] = old == Owner.nobody || old == owner ? owner : Owner.several
    }

    mutating func countOthers(_ roots: [ObjectID]) {
        graph.walk(from: roots) { position in
            versionOwners[position] = Owner.others
            artifactOwners[position] = Owner.others
        }
    }

    mutating func use() -> StorageUse {
        var use = StorageUse()
        for (number, versions) in artifacts.enumerated() {
            for version in versions {
                let owner = Int32(versionNumber)
                versionNumber += 1
                graph.walk(from: [version.commitID.objectID]) { position in
                    Self.add(owner, to: &versionOwners, at: position)
                    Self.add(Int32(number), to: &artifactOwners, at: position)
                }
            }
        }
        var next: Int32 = 0
        for (number, versions) in artifacts.enumerated() {
            var uses: [StorageUse.VersionUse] = []
            for version in versions {
                let (share, isWhole) = share(of: [version], next, in: versionOwners)
                // What is missing elsewhere is damage, or in a repository that this one borrows from.
                uses.append(
                    StorageUse.VersionUse(version: version, share: share, isWhole: isWhole || !isPartial))
                next += 1
            }
            use.artifacts.append(
                StorageUse.ArtifactUse(
                    artifact: versions[0].name.artifact, versions: uses,
                    share: share(of: versions, Int32(number), in: artifactOwners).share))
        }
        for position in sizes.indices {
            switch versionOwners[position] {
            case Owner.nobody: use.unreachable.add(sizes[position])
            case Owner.others: use.others.add(sizes[position])
            default: use.versions.add(sizes[position])
            }
        }
        return use
    }

    private var versionNumber = 0

    private func share(
        of versions: [Version], _ owner: Int32, in owners: [Int32]
    ) -> (share: StorageUse.Share, isWhole: Bool) {
        var share = StorageUse.Share()
        let isWhole = graph.walk(from: versions.map(\.commitID.objectID)) { position in
            if owners[position] == owner {
                share.aloneByteCount += sizes[position]
            } else {
                share.sharedByteCount += sizes[position]
            }
        }
        return (share, isWhole)
    }
}
