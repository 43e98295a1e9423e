import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import Synchronization
import SystemPackage

/// An artifact whose files are in the store, and which is not a version yet.
///
/// While it lives, nothing cleans the store up.
public struct StagedArtifact: Sendable {
    let artifact: CheckedArtifact
    let treeID: TreeID
    let fileCount: Int
    let byteCount: Int
    let writer: PackingObjectWriter
    let lock: StoreLock
}

/// The order of steps, and what a crash between them leaves, is in `Docs/Format.md`, «Order of a put».
extension Store {
    /// Stores an artifact's files, durably, without making a version of them.
    ///
    /// All that can be wrong with an artifact shows here, before a run is told of it.
    ///
    /// - Parameters:
    ///   - artifact: Files and what is said about them.
    ///   - aliases: Aliases to point at the version, besides `latest`.
    ///   - progress: Told of files and bytes read.
    /// - Returns: What ``Run/log(_:)-(StagedArtifact)`` makes a version of.
    /// - Throws: An error that names what is wrong.
    public func stage(
        _ artifact: Artifact, aliases: [String] = [], progress: Progress.Handler? = nil
    ) throws -> StagedArtifact {
        let artifact = try CheckedArtifact(artifact, aliases: aliases)
        try pool.with { repository in
            try checkRoom(for: artifact.name, in: repository)
        }
        try check(artifact.type, of: artifact.name, against: head(of: artifact.name))
        try require([artifact.source.contentNeed].compactMap(\.self))
        let lock = try lockToWrite()
        let writer = try makeWriter()
        let files = artifact.source.files.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let ingest = CachedIngest(store: self, writer: writer, files: files, progress: progress)
        let (ingested, remember) = try ingest.run()
        let edit = TreeEdit(
            puts: zip(files, ingested).lazy.map { ($0.key, $1.file) }, removals: artifact.source.removals)
        let base = artifact.source.base
        let result = try pool.with { try edit.apply(to: base?.treeID ?? .empty, in: $0, writing: writer) }
        guard result.treeID != .empty else { throw InvalidArtifact(name: artifact.name, problem: .empty) }
        try writer.finish()
        remember()
        return StagedArtifact(
            artifact: artifact, treeID: result.treeID,
            fileCount: (base?.fileCount ?? 0) + result.addedFileCount,
            byteCount: (base?.byteCount ?? 0) &+ result.addedByteCount, writer: writer, lock: lock)
    }

    /// Makes a staged artifact the next version, unless the newest one has the same files.
    ///
    /// - Returns: The version, and whether it is new.
    func publish(_ staged: StagedArtifact, runID: RunID) throws -> (version: Version, isNew: Bool) {
        let artifact = staged.artifact
        var message = VersionMessage(
            artifact: artifact.name, type: artifact.type, description: artifact.source.description,
            metadata: artifact.source.metadata, runID: runID)
        message.fileCount = staged.fileCount
        message.byteCount = staged.byteCount
        return try withExtendedLifetime(staged.lock) {
            let logged = try publish(staged.treeID, message, with: staged.writer)
            try pool.with { repository in
                for alias in artifact.aliases {
                    _ = try setAlias(alias, of: artifact.name, to: logged.version.commitID, in: repository)
                }
            }
            return logged
        }
    }

    /// Gives the tree the next free number, unless the newest version has it already.
    private func publish(
        _ treeID: TreeID, _ message: VersionMessage, with writer: PackingObjectWriter
    ) throws -> (version: Version, isNew: Bool) {
        try pool.with { repository in
            let references = ReferenceStore(repository)
            let artifact = message.artifact
            let commit = Commit(treeID: treeID, signature: signature(in: repository), message: message.text)
            var commitID: CommitID?
            for attempt in 1...ReferenceStore.attempts {
                let head = try head(of: artifact)
                try check(message.type, of: artifact, against: head)
                let newest = head.newest.flatMap { entry($0.name, $0.target, in: repository).version }
                if let newest, newest.treeID == treeID, newest.type == message.type {
                    try settle(artifact, in: repository)
                    return (newest, false)
                }
                let name = VersionName(artifact, head.highest?.next ?? .first)
                let id = try commitID ?? writer.write(commit)
                if commitID == nil { try writer.finish() }
                commitID = id
                if try references.compareAndSwap(
                    .version(name), to: id.objectID, expecting: .absent, reason: "amphora: put \(name)")
                {
                    try settle(artifact, in: repository)
                    let version = Version(
                        name: name, commitID: id, treeID: treeID, signature: commit.author, message: message,
                        store: self)
                    return (version, true)
                }
                references.removeStaleLock(of: .version(name))
                Backoff.sleep(afterAttempt: attempt)
            }
            throw ReferenceContention(name: .alias(.latest, of: artifact), attempts: ReferenceStore.attempts)
        }
    }

    /// The type of an artifact is that of its first version.
    private func check(_ type: ArtifactType, of artifact: ArtifactName, against head: Catalog.Head) throws {
        guard let known = head.type, known != type else { return }
        throw InvalidArtifact(name: artifact, problem: .type(there: known, given: type))
    }

    /// Moves the refs that follow an artifact's newest version by themselves.
    private func settle(_ artifact: ArtifactName, in repository: Repository) throws {
        try updateLatest(of: artifact, in: repository)
        try ReferenceStore(repository).pointHead(at: .alias(.latest, of: artifact))
    }

    /// Refs nest like folders: a plain branch or tag of an artifact's name leaves no room for its own.
    private func checkRoom(for artifact: ArtifactName, in repository: Repository) throws {
        for prefix in [RefName.aliases, RefName.versions] {
            let name = RefName(existing: "\(prefix)\(artifact)")
            if try ReferenceStore(repository).target(of: name) != nil {
                throw NameTaken(artifact: artifact, ref: name)
            }
        }
    }
}

/// A branch or tag that somebody made with git, in the way of an artifact's refs.
struct NameTaken: UserFacingError {
    let artifact: ArtifactName
    let ref: RefName
    var code: ErrorCode { .conflict }
    var message: String { "the ref '\(ref)' is in the way of the artifact '\(artifact)'" }
    var hint: String? { "Rename or delete it with git, for example `amphora git update-ref -d \(ref)`." }
}
