import AmphoraGit
public import AmphoraObjects
import AmphoraStore

extension Store {
    /// Deletes a version: its tag points at a tombstone from then on, and its number is not used again.
    ///
    /// Runs keep their links to it. The space comes back when the store is cleaned up. A version that cannot
    /// be read can be deleted too.
    ///
    /// - Parameters:
    ///   - name: What to delete.
    ///   - isForced: Whether aliases that point at it, `latest` apart, are removed first. Without, they
    ///     are an error.
    /// - Throws: ``VersionInUse`` with the aliases; ``NotInStore`` if there is no such version.
    public func remove(_ name: VersionName, force isForced: Bool = false) throws {
        // Alone, so that no alias is set to the version meanwhile.
        try exclusively {
            try pool.with { repository in
                let references = ReferenceStore(repository)
                guard let target = try references.target(of: .version(name)) else {
                    throw try notFound(VersionReference(name.artifact, .number(name.number)))
                }
                let entry = entry(name, CommitID(target), in: repository)
                if case .tombstone(let tombstone) = entry { throw VersionDeleted(tombstone: tombstone) }
                let aliases = try aliases(of: name.artifact)
                    .filter { $0.target.objectID == target && $0.alias != .latest }.map(\.alias)
                guard aliases.isEmpty || isForced else { throw VersionInUse(version: name, aliases: aliases) }
                try references.apply(
                    aliases.map { RefChange(.alias($0, of: name.artifact), from: target, to: nil) },
                    reason: "amphora: rm")
                try bury(name, CommitID(target), as: entry, in: repository)
                try settleLatest(of: name.artifact, in: repository)
            }
        }
    }

    /// Deletes a version like ``remove(_:force:)-(VersionName,_)``.
    public func remove(_ version: Version, force isForced: Bool = false) throws {
        try remove(version.name, force: isForced)
    }

    private func bury(
        _ name: VersionName, _ target: CommitID, as entry: VersionEntry, in repository: Repository
    ) throws {
        let type =
            try entry.type ?? head(of: name.artifact).type ?? ArtifactType("unknown")
        let writer = try makeWriter()
        let message = VersionMessage(artifact: name.artifact, type: type, deletedID: target)
        let treeID = try writer.write(Tree([]))
        let tombstoneID = try writer.write(
            Commit(treeID: treeID, signature: signature(in: repository), message: message.text))
        try writer.finish()
        try ReferenceStore(repository).update(.version(name), reason: "amphora: rm") { _ in
            tombstoneID.objectID
        }
    }

    /// An artifact without versions has no newest one, and is not what a plain clone checks out.
    private func settleLatest(of artifact: ArtifactName, in repository: Repository) throws {
        if try head(of: artifact).newest != nil { return try updateLatest(of: artifact, in: repository) }
        let references = ReferenceStore(repository)
        try references.delete(.alias(.latest, of: artifact))
        if let next = try artifacts().first?.name { try references.pointHead(at: .alias(.latest, of: next)) }
    }
}

/// A version that an alias points at was to be deleted.
public struct VersionInUse: UserFacingError {
    let version: VersionName
    let aliases: [Alias]
    public var code: ErrorCode { .conflict }
    public var message: String {
        "'\(version)' is in use: \(aliases.map { "'\($0)'" }.joined(separator: ", ")) "
            + (aliases.count == 1 ? "points at it" : "point at it")
    }
    public var hint: String? { "Move or remove the alias first, or use `--force`, which removes it." }
}
