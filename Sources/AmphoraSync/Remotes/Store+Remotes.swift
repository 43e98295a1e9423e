public import Amphora
import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import SystemPackage

extension Store {
    /// The remotes, sorted by name; those whose address git alone understands are left out.
    ///
    /// - Parameter network: What git gets to know when one is reached.
    /// - Returns: The remotes.
    /// - Throws: If the configuration cannot be read.
    public func remotes(through network: Network) throws -> [Remote] {
        try pool.with { repository in
            try repository.remoteNames().compactMap { name in
                guard let text = try repository.configuration("remote.\(name).url"),
                    let address = try? RemoteAddress(text)
                else { return nil }
                return Remote(name: name, address: address, store: self, network: network)
            }
        }
    }

    /// Finds a remote.
    ///
    /// - Parameters:
    ///   - name: Its name; `nil` is `origin`, or the only one.
    ///   - network: What git gets to know when it is reached.
    /// - Returns: The remote.
    /// - Throws: ``NoSuchRemote``.
    public func remote(_ name: String? = nil, through network: Network) throws -> Remote {
        let remotes = try remotes(through: network)
        let found =
            if let name {
                remotes.first { $0.name == name }
            } else {
                remotes.first { $0.name == "origin" } ?? (remotes.count == 1 ? remotes[0] : nil)
            }
        guard let found else { throw NoSuchRemote(name: name, names: remotes.map(\.name)) }
        return found
    }

    /// Remembers another store under a name, as ordinary git configuration.
    ///
    /// - Parameters:
    ///   - name: Letters, digits, `.`, `_` and `-`.
    ///   - address: A relative folder is taken from the current one.
    ///   - network: What git gets to know when it is reached.
    /// - Returns: The remote.
    /// - Throws: ``InvalidRemoteAddress``, ``RemoteExists``, ``InvalidRemoteName``.
    @discardableResult
    public func addRemote(_ name: String, at address: String, through network: Network) throws -> Remote {
        try checkRemoteName(name)
        let address = try RemoteAddress(address).absolute(in: surroundings.currentFolder())
        return try pool.with { repository in
            guard try !repository.remoteNames().contains(name) else { throw RemoteExists(name: name) }
            try repository.writeRemote(name, at: address)
            return Remote(name: name, address: address, store: self, network: network)
        }
    }

    /// Forgets a remote and what it was last seen to have; content that came from it stays.
    ///
    /// - Throws: ``NoSuchRemote``.
    public func removeRemote(_ name: String) throws {
        try whileWriting {
            try pool.with { repository in
                try checkRemoteExists(name, in: repository)
                let references = ReferenceStore(repository)
                let seen = try SyncedRefs.folders(of: name).flatMap { try references.list($0) }
                try references.apply(
                    seen.map { RefChange($0.name, from: $0.target, to: nil) }, reason: "amphora: remote rm")
                try repository.removeConfiguration(section: "remote.\(name)")
            }
        }
    }

    /// Gives a remote another name.
    ///
    /// - Throws: ``NoSuchRemote``, ``RemoteExists``, ``InvalidRemoteName``.
    public func renameRemote(_ name: String, to newName: String) throws {
        try checkRemoteName(newName)
        try whileWriting {
            try pool.with { repository in
                try checkRemoteExists(name, in: repository)
                guard try !repository.remoteNames().contains(newName) else {
                    throw RemoteExists(name: newName)
                }
                let references = ReferenceStore(repository)
                let changes = try zip(SyncedRefs.folders(of: name), SyncedRefs.folders(of: newName))
                    .flatMap { old, new in
                        try references.list(old).flatMap { ref in
                            let moved = RefName(existing: new + ref.name.rawValue.dropFirst(old.count))
                            return [
                                RefChange(moved, from: nil, to: ref.target),
                                RefChange(ref.name, from: ref.target, to: nil),
                            ]
                        }
                    }
                for (key, value) in try repository.configuration(section: "remote.\(name)") {
                    let rest = key.dropFirst("remote.\(name)".count)
                    let value = value.replacing(":refs/remotes/\(name)/", with: ":refs/remotes/\(newName)/")
                    try repository.addConfiguration("remote.\(newName)\(rest)", value)
                }
                try references.apply(changes, reason: "amphora: remote rename")
                try repository.removeConfiguration(section: "remote.\(name)")
            }
        }
    }

    private func checkRemoteName(_ name: String) throws {
        // The rules for names are those for one part of a ref's name.
        guard (try? ArtifactName(name)) != nil else { throw InvalidRemoteName(name: name) }
    }

    private func checkRemoteExists(_ name: String, in repository: Repository) throws {
        let names = try repository.remoteNames()
        guard names.contains(name) else { throw NoSuchRemote(name: name, names: names) }
    }
}

extension Repository {
    /// Writes a remote into the configuration, as git's own commands understand it.
    func writeRemote(_ name: String, at address: RemoteAddress) throws {
        let section = "remote.\(name)"
        try setConfiguration([
            ("\(section).url", address.text), ("\(section).tagOpt", "--no-tags"),
            ("\(section).promisor", "true"), ("\(section).partialclonefilter", "tree:0"),
        ])
        for kind in SyncedRefs.kinds {
            try addConfiguration("\(section).fetch", "+refs/\(kind)/*:refs/remotes/\(name)/\(kind)/*")
        }
        // With what is not here no pack has all that it names, and git's gc would fail to write its index of that.
        try setMissingConfiguration([("repack.writeBitmaps", "false")])
    }
}

/// A remote that is not in the configuration, or none where one is needed.
public struct NoSuchRemote: UserFacingError {
    let name: String?
    let names: [String]
    public var code: ErrorCode { .notFound }
    public var message: String {
        guard let name else {
            return names.isEmpty ? "this store has no remotes" : "it is not clear which remote is meant"
        }
        return "there is no remote '\(name)'"
    }
    public var hint: String? {
        names.isEmpty
            ? "Add one with `amphora remote add origin ADDRESS`."
            : "There are: \(names.joined(separator: ", ")). Name one with `--remote`, or add one with `amphora remote add`."
    }
}

/// A second remote of the same name.
public struct RemoteExists: UserFacingError {
    let name: String
    public var code: ErrorCode { .alreadyExists }
    public var message: String { "there is a remote '\(name)' already" }
    public var hint: String? {
        "`amphora remote ls` shows where it is; `amphora remote rm \(name)` forgets it."
    }
}

/// A name that no remote can have.
public struct InvalidRemoteName: UserFacingError {
    let name: String
    public var code: ErrorCode { .invalidArgument }
    public var message: String { "a remote cannot be called '\(name)'" }
    public var hint: String? { "Use letters, digits, '.', '_' and '-', for example 'origin'." }
}
