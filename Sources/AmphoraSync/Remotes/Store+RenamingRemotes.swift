public import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore

extension Store {
    /// Gives a remote another name.
    ///
    /// What is known of it is there under both names before the configuration changes, so that it is under the one that
    /// counts whenever this ends. Done again, it is completed.
    ///
    /// - Throws: ``NoSuchRemote``, ``RemoteExists``, ``InvalidRemoteName``.
    public func renameRemote(_ name: String, to newName: String) throws {
        try checkRemoteName(newName)
        try whileWriting {
            try pool.with { repository in
                let names = try repository.remoteNames()
                let isDone =
                    try !names.contains(name) && names.contains(newName)
                    && !known(of: name, in: repository).isEmpty
                if !isDone {
                    try checkRemoteExists(name, in: repository)
                    guard !names.contains(newName) else { throw RemoteExists(name: newName) }
                    try copyKnown(of: name, to: newName, in: repository)
                    try repository.replaceConfiguration(
                        section: "remote.\(name)", with: renamed(name, to: newName, in: repository))
                }
                try forget(name, "remote rename", in: repository)
            }
        }
    }

    /// The lines of a remote's configuration under another name.
    private func renamed(
        _ name: String, to newName: String, in repository: Repository
    ) throws -> [(key: String, value: String)] {
        try repository.configuration(section: "remote.\(name)").map { key, value in
            (
                "remote.\(newName)\(key.dropFirst("remote.\(name)".count))",
                value.replacing(":refs/remotes/\(name)/", with: ":refs/remotes/\(newName)/")
            )
        }
    }

    private func copyKnown(of name: String, to newName: String, in repository: Repository) throws {
        let old = try known(of: name, in: repository)
        let folders = zip(SyncedRefs.folders(of: name), SyncedRefs.folders(of: newName))
        let copies = old.compactMap { ref, target in
            folders.first { ref.rawValue.hasPrefix($0.0) }.map { old, new in
                (RefName(existing: new + ref.rawValue.dropFirst(old.count)), target)
            }
        }
        // What is left of another remote of that name, or of an earlier try. `a/b` may become `a`.
        let left = try known(of: newName, in: repository).filter { old[$0.key] == nil }
        try ReferenceStore(repository).apply(
            [RefChange](from: left, to: Dictionary(uniqueKeysWithValues: copies)),
            reason: "amphora: remote rename")
    }
}
