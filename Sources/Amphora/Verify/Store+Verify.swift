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
        var versions: [Version] = only.map { [$0] } ?? []
        if only == nil {
            versions = try readableVersions(&report)
            try verifyAliases(of: versions, &report)
            try verifyRuns(&report)
        }
        report.versionCount = versions.count
        var files: [ObjectID: (file: TreeFile, users: [(VersionName, ArtifactPath)])] = [:]
        for version in versions {
            noting(&report, version.description) {
                for file in try version.treeFiles() {
                    files[file.id, default: (file, [])].users.append((version.name, file.path))
                }
            }
        }
        report.fileCount = files.values.reduce(0) { $0 + $1.users.count }
        try verify(Array(files.values), isQuick: isQuick, &report, progress: progress)
        report.damages.sort {
            ($0.subject, $0.path?.description ?? "") < ($1.subject, $1.path?.description ?? "")
        }
        return report
    }

    private func readableVersions(_ report: inout Verification) throws -> [Version] {
        let tags = try pool.with { try ReferenceStore($0).list(RefName.versions) }
        var versions: [Version] = []
        for tag in tags {
            guard let name = tag.name.version else { continue }
            noting(&report, name.description) {
                let entry = try pool.with { try self.entry(name, CommitID(tag.target), in: $0) }
                if let version = entry.version { versions.append(version) }
            }
        }
        return versions.sorted { $0.name < $1.name }
    }

    private func verifyAliases(of versions: [Version], _ report: inout Verification) throws {
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
            noting(&report, "run \(id)") {
                _ = try runDocument(id)
                try history(of: id) { _ in }
                for path in try media(of: id) { _ = try readMedia(path, of: id) }
            }
        }
    }

    private func verify(
        _ files: [(file: TreeFile, users: [(VersionName, ArtifactPath)])], isQuick: Bool,
        _ report: inout Verification, progress: Progress.Handler?
    ) throws {
        let state = Mutex(
            (
                progress: Progress(
                    activity: "verifying", fileCount: 0, totalFileCount: files.count, byteCount: 0,
                    totalByteCount: 0),
                damages: [Damage]()
            ))
        try Parallel.forEach(files.count) { index in
            let (file, users) = files[index]
            var damages: [Damage] = []
            do {
                try pool.with { repository in
                    if isQuick {
                        for id in try file.blobIDs(in: repository) {
                            _ = try repository.byteCount(of: id.objectID)
                        }
                    } else {
                        try FileTree(repository).read(file) { bytes in
                            state.withLock { $0.progress.byteCount += bytes.count }
                        }
                    }
                }
            } catch {
                damages = users.map { Damage(subject: $0.0.description, path: $0.1, error: error) }
            }
            let now = state.withLock { state in
                state.progress.fileCount += 1
                state.damages += damages
                return state.progress
            }
            progress?(now)
        }
        state.withLock { state in
            report.byteCount += state.progress.byteCount
            report.damages += state.damages
        }
    }

    /// Turns what goes wrong in `body` into a finding.
    private func noting(_ report: inout Verification, _ subject: String, _ body: () throws -> Void) {
        do {
            try body()
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
        isMissing = report.code == .notFound
    }
}
