package import AmphoraGit
package import AmphoraObjects
import AmphoraStore

/// What a look at all of some content found: which trees are missing, and how many blobs.
package struct ContentSurvey {
    /// Trees without which nobody knows what else is missing.
    package private(set) var missingTrees: [TreeID] = []
    private var missingCounts: [ContentWalk.Role: Int] = [:]
    private let byteCounts: BlobEstimate

    /// Looks at all that is needed, each object once.
    package init(_ needs: [ContentNeed], in repository: Repository) throws {
        var counts: [ContentWalk.Role: Int] = [:]
        var missingTrees: [TreeID] = []
        let starts = try needs.flatMap { need in
            try ContentWalk.starts(of: need, in: repository) { missingTrees.append(TreeID($0)) }
        }
        var walk = ContentWalk(starts)
        while let item = walk.next() {
            let isHere = item.isHere(in: repository)
            if item.role.isTree {
                if isHere {
                    try walk.descend(into: item, in: repository)
                } else {
                    missingTrees.append(TreeID(item.id))
                }
            } else {
                counts[item.role, default: 0] += 1
                if !isHere { missingCounts[item.role, default: 0] += 1 }
            }
        }
        self.missingTrees = missingTrees
        byteCounts = BlobEstimate(needs, counts)
    }

    /// Whether nothing is missing.
    package var isComplete: Bool { missingTrees.isEmpty && missingCounts.isEmpty }

    /// About how long all is together that is missing; without what is in trees that are.
    package var byteCount: Int { missingCounts.reduce(0) { $0 + $1.value * byteCounts[$1.key] } }

    /// What is missing, in batches; no tree must be.
    ///
    /// - Parameters:
    ///   - needs: What is needed.
    ///   - excluded: What is not to be asked for.
    ///   - repository: Where the trees are.
    /// - Returns: The batches.
    /// - Throws: What reading trees throws.
    package func batches(
        of needs: [ContentNeed], without excluded: Set<ObjectID> = [], in repository: Repository
    ) throws -> MissingContent {
        MissingContent(
            ContentWalk(try needs.flatMap { try ContentWalk.starts(of: $0, in: repository) }),
            without: excluded, byteCounts)
    }
}

/// About how long blobs are that nobody has seen here.
struct BlobEstimate {
    private let smallFile: Int

    /// Takes the average of the small files: what chunks and their number leave of the length of all.
    init(_ needs: [ContentNeed], _ counts: [ContentWalk.Role: Int]) {
        let sizes = needs.compactMap(\.size)
        let isWhole = needs.allSatisfy { $0.paths.isEmpty && $0.extent == .content }
        var (fileCount, byteCount) = sizes.reduce((0, 0)) { ($0.0 &+ $1.fileCount, $0.1 &+ $1.byteCount) }
        if isWhole {
            fileCount = counts[.smallFile] ?? 0
            byteCount &-= (counts[.chunk] ?? 0) * Self.chunk
        }
        smallFile =
            sizes.isEmpty
            ? Self.chunk : min(max(byteCount / max(fileCount, 1), 1), ChunkedFile.threshold)
    }

    subscript(role: ContentWalk.Role) -> Int {
        switch role {
        case .folder, .group: 0
        case .marker: 200
        case .smallFile: smallFile
        case .chunk: Self.chunk
        }
    }

    private static let chunk = 64 << 10
}

extension ContentWalk.Item {
    /// Whether it is here; the tree of nothing is, without being stored.
    func isHere(in repository: Repository) -> Bool {
        repository.contains(id, mayBeStale: true) || id == TreeID.empty.objectID
    }
}
