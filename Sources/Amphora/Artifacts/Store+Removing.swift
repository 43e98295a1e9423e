import AmphoraGit
public import AmphoraObjects
import AmphoraStore

extension Store {
    /// Deletes a version: its tag points at a tombstone from then on, and its number is not used again.
    ///
    /// Runs keep their links to it. The space comes back when the store is cleaned up.
    ///
    /// - Parameters:
    ///   - version: What to delete.
    ///   - isForced: Whether aliases that point at it, `latest` apart, are removed first. Without, they
    ///     are an error.
    /// - Throws: ``VersionInUse`` with the aliases.
    public func remove(_ version: Version, force isForced: Bool = false) throws {
        let artifact = version.name.artifact
        let aliases = try version.aliases().filter { $0 != .latest }
        guard aliases.isEmpty || isForced else { throw VersionInUse(version: version.name, aliases: aliases) }
        for alias in aliases { try removeAlias(alias, of: artifact) }
        try whileWriting {
            try pool.with { repository in
                let writer = makeWriter()
                let message = VersionMessage(
                    artifact: artifact, type: version.type, deletedID: version.commitID)
                let tombstoneID = try writer.write(
                    Commit(
                        treeID: try writer.write(Tree([])), signature: signature(in: repository),
                        message: message.text))
                try writer.finish()
                try ReferenceStore(repository).update(.version(version.name), reason: "amphora: rm") {
                    current in
                    guard current == version.commitID.objectID else {
                        throw try notFound(VersionReference(artifact, .number(version.name.number)))
                    }
                    return tombstoneID.objectID
                }
                try updateLatest(of: artifact, in: repository)
            }
        }
        try removeLatestIfEmpty(artifact)
    }

    /// An artifact without versions has no newest one.
    private func removeLatestIfEmpty(_ artifact: ArtifactName) throws {
        guard try versions(of: artifact).isEmpty else { return }
        let isThere = try pool.with {
            try ReferenceStore($0).target(of: .alias(.latest, of: artifact)) != nil
        }
        if isThere { try delete(.latest, of: artifact) }
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
