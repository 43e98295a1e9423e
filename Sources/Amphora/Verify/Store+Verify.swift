import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import Synchronization

/// Something that verifying found wrong.
public struct Damage: Sendable {
    /// What is affected: `mnist-raw:v3`, a run's ID, or a ref.
    public let subject: String
    /// The file, if one is affected.
    public let path: ArtifactPath?
    /// What is wrong.
    public let problem: String
    /// Whether an object is missing, not damaged.
    public let isMissing: Bool
}

/// What verifying looked at, and what it found.
public struct Verification: Sendable {
    public var versionCount = 0
    public var runCount = 0
    public var fileCount = 0
    /// Bytes of content read; content that versions share is read once.
    public var byteCount = 0
    /// Sorted by what is affected.
    public var damages: [Damage] = []

    public var isSound: Bool { damages.isEmpty }
}

extension Store {
    /// Checks that versions and runs can be read whole.
    ///
    /// Every object is read and hashed, every chunked file compared with its SHA-256, every ref followed.
    ///
    /// - Parameters:
    ///   - only: One version to check; `nil` for all of them, all aliases and all runs.
    ///   - isQuick: Whether only structure is checked: commits, trees, and that blobs are there.
    ///   - progress: Told of files and bytes.
    /// - Returns: What was looked at, and all damage found.
    /// - Throws: `GitError` if refs cannot be listed at all.
    public func verify(
        only: Version? = nil, quick isQuick: Bool = false, progress: Progress.Handler? = nil
    ) throws -> Verification {
        var report = Verification()
        let versions = try only.map { [$0] } ?? readableVersions(&report)
        if only == nil {
            try verifyRefs(of: versions, &report)
            try verifyRuns(&report)
        }
        report.versionCount = versions.count
        try verifyFiles(of: versions, isQuick: isQuick, &report, progress: progress)
        report.damages.sort {
            ($0.subject, $0.path?.description ?? "") < ($1.subject, $1.path?.description ?? "")
        }
        return report
    }

    private func readableVersions(_ report: inout Verification) throws -> [Version] {
        var damages: [Damage] = []
        let versions = try allVersions {
            damages.append(Damage(subject: $0.name.description, path: nil, error: $0))
        }
        report.damages += damages
        return versions
    }

    private func verifyRefs(of versions: [Version], _ report: inout Verification) throws {
        let (unreadable, root) = try pool.with { repository in
            let references = ReferenceStore(repository)
            return (references.unreadable(), try references.target(of: .root))
        }
        report.damages += unreadable.map { name in
            Damage(
                subject: "\(name)", path: nil,
                problem: "the ref is malformed, or points at an object that is not here", isMissing: false)
        }
        if root == nil {
            report.damages.append(
                Damage(
                    subject: "\(RefName.root)", path: nil, problem: "the ref is not there", isMissing: true))
        }
        let known = Set(versions.map { "\($0.name.artifact) \($0.commitID)" })
        for alias in try allAliases() where !known.contains("\(alias.artifact) \(alias.target)") {
            report.damages.append(
                Damage(
                    subject: "\(alias.artifact):\(alias.alias)", path: nil,
                    problem: "the alias points at \(alias.target), which is no readable version",
                    isMissing: false))
        }
    }

    private func verifyRuns(_ report: inout Verification) throws {
        for id in try runIDs().sorted() {
            report.runCount += 1
            noting(&report, "run \(id)") { _ in
                try history(of: id) { _ in }
                try verifyMedia(of: id)
                try pool.with { repository in
                    var next = try ReferenceStore(repository).target(of: .run(id)).map { CommitID($0) }
                    while let commitID = next {
                        _ = try RunDocument(commitID, in: repository)
                        next = try repository.commit(commitID).parentIDs.first
                    }
                }
            }
        }
    }

    /// Reads each file once, however many versions share it.
    private func verifyFiles(
        of versions: [Version], isQuick: Bool, _ report: inout Verification, progress: Progress.Handler?
    ) throws {
        let state = Mutex(
            Progress(activity: "verifying", fileCount: 0, totalFileCount: 0, byteCount: 0, totalByteCount: 0))
        let damaged = Mutex<[ObjectID: any Error]>([:])
        var seen: Set<ObjectID> = []
        for version in versions {
            noting(&report, version.description) { report in
                let files = try version.treeFiles()
                report.fileCount += files.count
                let new = files.filter { seen.insert($0.id).inserted }
                state.withLock { $0.totalFileCount += new.count }
                try Parallel.forEach(new.count) { index in
                    do {
                        try verify(new[index], isQuick: isQuick) { count in
                            state.withLock { $0.byteCount += count }
                        }
                    } catch {
                        damaged.withLock { $0[new[index].id] = error }
                    }
                    let now = state.withLock { state in
                        state.fileCount += 1
                        return state
                    }
                    progress?(now)
                }
            }
        }
        report.byteCount = state.withLock { $0.byteCount }
        let problems = damaged.withLock { $0 }
        guard !problems.isEmpty else { return }
        for version in versions {
            for file in (try? version.treeFiles()) ?? [] {
                guard let error = problems[file.id] else { continue }
                report.damages.append(Damage(subject: version.description, path: file.path, error: error))
            }
        }
    }

    private func verify(_ file: TreeFile, isQuick: Bool, onBytes: (Int) -> Void) throws {
        try pool.with { repository in
            guard isQuick else { return try FileTree(repository).read(file) { onBytes($0.count) } }
            for id in try file.blobIDs(in: repository) { _ = try repository.byteCount(of: id.objectID) }
        }
    }

    /// Turns what goes wrong in `body` into a finding.
    private func noting(
        _ report: inout Verification, _ subject: String, _ body: (inout Verification) throws -> Void
    ) {
        do {
            try body(&report)
        } catch {
            report.damages.append(Damage(subject: subject, path: nil, error: error))
        }
    }
}

extension Damage {
    fileprivate init(subject: String, path: ArtifactPath?, error: any Error) {
        let report = ErrorReport(error)
        self.subject = subject
        self.path = path
        let isNamed = error is VersionDamaged || error is RunDamaged
        problem = ((isNamed ? [] : [report.message]) + report.causes).joined(separator: ": ")
        let chain = [error, (error as? any UserFacingError)?.cause].compactMap { $0 as? any UserFacingError }
        isMissing = chain.contains { $0.code == .notFound }
    }
}
