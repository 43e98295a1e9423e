public import AmphoraObjects

/// What versions cost in the store, in bytes as they are stored.
public struct StorageUse: Sendable, Equatable {
    /// What one version, or all versions of one artifact, cost.
    public struct Share: Sendable, Equatable {
        /// What only this reaches: it would be freed if this were removed.
        public var aloneByteCount = 0
        /// What others reach too.
        public var sharedByteCount = 0
    }

    public struct VersionUse: Sendable, Equatable {
        public let version: Version
        /// As far as the version is here.
        public let share: Share
        /// Whether all of it is here; what is not is left to a remote.
        public let isWhole: Bool
    }

    public struct ArtifactUse: Sendable, Equatable {
        public let artifact: ArtifactName
        /// In the order of their numbers.
        public let versions: [VersionUse]
        /// Of all versions together: what only they reach, and what other artifacts and runs reach too.
        public let share: Share

        /// How many versions are here whole.
        public var wholeCount: Int { versions.count(where: \.isWhole) }
        /// Length of all files of all versions, as if nothing were shared.
        public var byteCount: Int { versions.reduce(0) { $0 + $1.version.byteCount } }
    }

    /// Sorted by name.
    public var artifacts: [ArtifactUse] = []
    /// What versions reach, each object once.
    public var versions = Tally()
    /// What runs and other refs reach, and no version does.
    public var others = Tally()
    /// What no ref reaches.
    public var unreachable = Tally()
    /// Second copies, indexes of packs, what killed writers left, refs and their logs, the derived index.
    public var overheadByteCount = 0
    /// All files of the store.
    public var totalByteCount = 0
}
