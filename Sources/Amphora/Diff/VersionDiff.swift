import AmphoraGit
public import AmphoraObjects
import AmphoraStore

/// How one version differs from another.
public struct VersionDiff: Sendable {
    /// A file that only one of them has, or that differs.
    public struct FileChange: Sendable, Hashable {
        public enum Kind: String, Sendable {
            case added, removed, changed
        }

        public let kind: Kind
        public let path: ArtifactPath
        /// Length before, or `nil` for an added file and a small one that is not here yet.
        public let oldByteCount: Int?
        /// Length after, or `nil` for a removed file and a small one that is not here yet.
        public let newByteCount: Int?
        /// Bytes of the new file in blobs and chunks that the old version has nowhere, or `nil` if the lengths
        /// of those are not known here.
        public let newBytes: Int?
        /// Chunks of the new file that the old version has too.
        public let sharedChunkCount: Int
        /// All chunks of the new file: one, if it is small.
        public let chunkCount: Int
    }

    /// A metadata field that only one of them has, or that differs.
    public struct MetadataChange: Sendable, Hashable {
        public let key: String
        public let old: JSONValue?
        public let new: JSONValue?
    }

    public let old: Version
    public let new: Version
    /// Sorted by path.
    public let files: [FileChange]
    public let unchangedFileCount: Int
    /// Sorted by key.
    public let metadata: [MetadataChange]
    /// Whether the descriptions differ.
    public let isDescriptionChanged: Bool

    /// Bytes that the new version adds to a store that has the old one, before compression; `nil` if that is
    /// not known here.
    public var newBytes: Int? {
        files.reduce(0) { sum, file in
            if let sum, let newBytes = file.newBytes { sum + newBytes } else { nil }
        }
    }
}

extension Store {
    /// Compares two versions, of one artifact or of two.
    ///
    /// Only trees are read, and the lengths of blobs; no content, and none is brought here for it.
    public func diff(_ old: Version, _ new: Version) throws -> VersionDiff {
        try require([old, new].map { ContentNeed($0, .listing) })
        let oldFiles = Dictionary(try old.treeFiles().map { ($0.path, $0) }) { first, _ in first }
        let newFiles = try new.treeFiles()
        return try pool.with { repository in
            let isPartial = repository.isPartial
            var known: Set<BlobID> = []
            for file in oldFiles.values { known.formUnion(try file.blobIDs(in: repository)) }
            var changes: [VersionDiff.FileChange] = []
            var rest = oldFiles
            for file in newFiles {
                let before = rest.removeValue(forKey: file.path)
                if let before, before.id == file.id, before.isExecutable == file.isExecutable { continue }
                let blobIDs = try file.blobIDs(in: repository)
                let fresh = Set(blobIDs).subtracting(known)
                changes.append(
                    VersionDiff.FileChange(
                        kind: before == nil ? .added : .changed, path: file.path,
                        oldByteCount: try before?.byteCount(in: repository, mayBeMissing: isPartial),
                        newByteCount: try file.byteCount(in: repository, mayBeMissing: isPartial),
                        newBytes: try file.byteCount(
                            of: fresh, among: blobIDs, in: repository, mayBeMissing: isPartial),
                        sharedChunkCount: blobIDs.count { !fresh.contains($0) }, chunkCount: blobIDs.count))
            }
            for file in rest.values {
                changes.append(
                    VersionDiff.FileChange(
                        kind: .removed, path: file.path,
                        oldByteCount: try file.byteCount(in: repository, mayBeMissing: isPartial),
                        newByteCount: nil, newBytes: 0, sharedChunkCount: 0, chunkCount: 0))
            }
            let keys = Set(old.metadata.keys).union(new.metadata.keys).sorted()
            return VersionDiff(
                old: old, new: new, files: changes.sorted { $0.path < $1.path },
                unchangedFileCount: newFiles.count - changes.count { $0.kind != .removed },
                metadata: keys.filter { old.metadata[$0] != new.metadata[$0] }
                    .map { .init(key: $0, old: old.metadata[$0], new: new.metadata[$0]) },
                isDescriptionChanged: old.note != new.note)
        }
    }
}

extension TreeFile {
    /// Length of some of the file's blobs together.
    ///
    /// - Returns: `nil` if that cannot be known without what is not here.
    fileprivate func byteCount(
        of some: Set<BlobID>, among all: [BlobID], in repository: Repository, mayBeMissing: Bool
    ) throws -> Int? {
        func length(_ ids: some Sequence<BlobID>) throws -> Int {
            try ids.reduce(0) { $0 + (try repository.byteCount(of: $1.objectID)) }
        }
        let missing =
            mayBeMissing ? all.filter { !repository.contains($0.objectID, mayBeStale: true) } : []
        let distinct = Set(missing)
        if some.isDisjoint(with: distinct) { return try length(some) }
        // What is missing is what the others leave of the file, if each is in it once and counts.
        guard case .chunked(_, let marker) = content, distinct.count == missing.count,
            distinct.isSubset(of: some)
        else { return nil }
        let others = try length(all.lazy.filter { !distinct.contains($0) })
        return try length(some.subtracting(distinct)) + marker.byteCount - others
    }
}
