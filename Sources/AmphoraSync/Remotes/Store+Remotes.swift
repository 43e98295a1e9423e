public import Amphora
import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import SystemPackage

extension Store {
    /// The remotes, sorted by name; those whose address or name git alone understands are left out.
    ///
    /// - Parameter network: What git gets to know when one is reached.
    /// - Returns: The remotes.
    /// - Throws: If the configuration cannot be read.
    public func remotes(through network: Network) throws -> [Remote] {
        try pool.with { repository in
            try repository.remoteNames().compactMap { name in
                guard Self.isUsable(remote: name),
                    let text = try repository.configuration("remote.\(name).url"),
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
    /// - Throws: ``NoSuchRemote``; ``InvalidRemoteName`` for one that git alone can have made.
    public func remote(_ name: String? = nil, through network: Network) throws -> Remote {
        let remotes = try remotes(through: network)
        let found =
            if let name {
                remotes.first { $0.name == name }
            } else {
                remotes.first { $0.name == "origin" } ?? (remotes.count == 1 ? remotes[0] : nil)
            }
        if let found { return found }
        let others = try pool.with { try $0.remoteNames() }.filter { !Self.isUsable(remote: $0) }
        if let other = others.first(where: { $0 == name || name == nil && remotes.isEmpty }) {
            throw InvalidRemoteName(name: other, isThere: true)
        }
        throw NoSuchRemote(name: name, names: remotes.map(\.name))
    }

    /// Git allows `a/b` beside `a`: what is known of the one would lie among what is known of the other.
    private static func isUsable(remote name: String) -> Bool { !name.contains("/") }

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
        return try whileWriting {
            try pool.with { repository in
                guard try !repository.remoteNames().contains(name) else { throw RemoteExists(name: name) }
                // Plain git leaves what both had agreed on.
                try forget(name, "remote add", in: repository)
                try repository.writeRemote(name, at: address)
                return Remote(name: name, address: address, store: self, network: network)
            }
        }
    }

    /// Forgets a remote and what it was last seen to have; content that came from it stays.
    ///
    /// - Throws: ``NoSuchRemote``.
    public func removeRemote(_ name: String) throws {
        try whileWriting {
            try pool.with { repository in
                try checkRemoteExists(name, in: repository)
                try forget(name, "remote rm", in: repository)
                try repository.replaceConfiguration(section: "remote.\(name)", with: [])
            }
        }
    }

    /// The refs that say what is known of a remote.
    func known(of remote: String, in repository: Repository) throws -> [RefName: ObjectID] {
        let refs = try SyncedRefs.folders(of: remote).flatMap { try ReferenceStore(repository).list($0) }
        return Dictionary(uniqueKeysWithValues: refs.map { ($0.name, $0.target) })
    }

    /// Takes away what is known of a remote.
    func forget(_ name: String, _ command: String, in repository: Repository) throws {
        try ReferenceStore(repository).apply(
            [RefChange](from: known(of: name, in: repository), to: [:]), reason: "amphora: \(command)")
    }

    func checkRemoteName(_ name: String) throws {
        // The rules for names are those for one part of a ref's name.
        guard (try? ArtifactName(name)) != nil else { throw InvalidRemoteName(name: name, isThere: false) }
    }

    func checkRemoteExists(_ name: String, in repository: Repository) throws {
        let names = try repository.remoteNames()
        guard names.contains(name) else { throw NoSuchRemote(name: name, names: names) }
    }
}

extension Repository {
    /// Writes a remote into the configuration, as git's own commands understand it.
    func writeRemote(_ name: String, at address: RemoteAddress) throws {
        let settings = [
            ("url", address.text), ("tagOpt", "--no-tags"), ("promisor", "true"),
            ("partialclonefilter", "tree:0"),
        ]
        let refspecs = SyncedRefs.kinds.map { ("fetch", "+refs/\($0)/*:refs/remotes/\(name)/\($0)/*") }
        try replaceConfiguration(
            section: "remote.\(name)", with: (settings + refspecs).map { ("remote.\(name).\($0.0)", $0.1) })
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
    /// Whether git was made to call one so.
    let isThere: Bool
    public var code: ErrorCode { .invalidArgument }
    public var message: String { "a remote cannot be called '\(name)'" }
    public var hint: String? {
        isThere
            ? "Plain git allows it, a store does not: `amphora remote rename \(name) NAME` gives it another name."
            : "Use letters, digits, '.', '_' and '-', for example 'origin'."
    }
}
