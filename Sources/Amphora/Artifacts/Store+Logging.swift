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
    let writer: LooseObjectWriter
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
        try checkType(of: artifact)
        let lock = try StoreLock(layout.lock, .shared)
        let writer = makeWriter()
        let files = artifact.source.files.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let ingest = CachedIngest(store: self, writer: writer, files: files.map(\.value), progress: progress)
        let stored = try ingest.run()
        let edit = TreeEdit(
            puts: Dictionary(uniqueKeysWithValues: zip(files.map(\.key), stored)),
            removals: artifact.source.removals)
        let base = artifact.source.base
        let result = try pool.with { try edit.apply(to: base?.treeID ?? .empty, in: $0, writing: writer) }
        guard result.treeID != .empty else { throw InvalidArtifact(name: artifact.name, problem: .empty) }
        try writer.finish()
        return StagedArtifact(
            artifact: artifact, treeID: result.treeID,
            fileCount: (base?.fileCount ?? 0) + result.addedFileCount,
            byteCount: (base?.byteCount ?? 0) + result.addedByteCount, writer: writer, lock: lock)
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
        let logged = try publish(staged.treeID, message, with: staged.writer)
        try pool.with { repository in
            for alias in artifact.aliases {
                _ = try setAlias(alias, of: artifact.name, to: logged.version.commitID, in: repository)
            }
        }
        return logged
    }

    /// Gives the tree the next free number, unless the newest version has it already.
    private func publish(
        _ treeID: TreeID, _ message: VersionMessage, with writer: LooseObjectWriter
    ) throws -> (version: Version, isNew: Bool) {
        try pool.with { repository in
            let references = ReferenceStore(repository)
            let commit = Commit(treeID: treeID, signature: signature(in: repository), message: message.text)
            var commitID: CommitID?
            for attempt in 1...ReferenceStore.attempts {
                let (newest, next) = try newest(of: message.artifact, in: repository)
                if let newest, newest.treeID == treeID {
                    try updateLatest(of: message.artifact, in: repository)
                    return (newest, false)
                }
                let name = VersionName(message.artifact, next)
                let id = try commitID ?? writer.write(commit)
                if commitID == nil { try writer.finish() }
                commitID = id
                if try references.compareAndSwap(
                    .version(name), to: id.objectID, expecting: .absent, reason: "amphora: put \(name)")
                {
                    try updateLatest(of: message.artifact, in: repository)
                    if next == .first { try pointHead(at: message.artifact, in: references) }
                    let version = Version(
                        name: name, commitID: id, treeID: treeID, signature: commit.author, message: message,
                        store: self)
                    return (version, true)
                }
                references.removeStaleLock(of: .version(name))
                Backoff.sleep(afterAttempt: attempt)
            }
            throw ReferenceContention(
                name: .alias(.latest, of: message.artifact), attempts: ReferenceStore.attempts)
        }
    }

    /// The newest version, unless all are deleted, and the number after the highest in use.
    private func newest(
        of artifact: ArtifactName, in repository: Repository
    ) throws -> (version: Version?, next: VersionNumber) {
        let tags = try tags(of: artifact, in: repository)
        guard let highest = tags.first else { return (nil, .first) }
        for tag in tags {
            if let version = try entry(tag.name, tag.target, in: repository).version {
                return (version, highest.name.number.next)
            }
        }
        return (nil, highest.name.number.next)
    }

    /// The type of an artifact is that of its first version.
    private func checkType(of artifact: CheckedArtifact) throws {
        try pool.with { repository in
            guard let first = try tags(of: artifact.name, in: repository).last else { return }
            let type = try entry(first.name, first.target, in: repository).type
            guard type == artifact.type else {
                throw InvalidArtifact(name: artifact.name, problem: .type(there: type, given: artifact.type))
            }
        }
    }

    /// Lets a plain `git clone` check something out: the first artifact's newest version.
    private func pointHead(at artifact: ArtifactName, in references: ReferenceStore) throws {
        guard let head = try references.head(), try references.target(of: head) == nil else { return }
        _ = try references.setHead(.alias(.latest, of: artifact), expecting: head)
    }
}
