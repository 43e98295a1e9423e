public import Amphora
import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import FoundationEssentials
import SystemPackage

extension Store {
    /// Brings objects anew of which what is here is damaged.
    ///
    /// - Parameters:
    ///   - ids: The objects, as ``Verification/damagedObjects`` names them.
    ///   - remotes: Who is asked, one after the other.
    /// - Returns: Those that are whole now, and why a remote did not have the others.
    /// - Throws: If the store cannot be written.
    public func repair(
        _ ids: [ObjectID], from remotes: [Remote]
    ) throws -> (repaired: [ObjectID], failures: [RemoteFailure]) {
        var missing = Set(ids)
        var failures: [RemoteFailure] = []
        for remote in remotes where !missing.isEmpty {
            let copies: Copies
            do {
                copies = try remote.reaching("bring objects from") {
                    try Copies(of: missing.sorted(), from: remote)
                }
            } catch {
                if let failure = error as? RemoteFailure { failures.append(failure) }
                continue
            }
            try writeAnew(copies.ids, from: copies.store.pool)
            missing.subtract(copies.ids)
        }
        return (ids.filter { !missing.contains($0) }, failures)
    }
}

/// What a remote has of some objects, in a store of its own: what is here, be it damaged, would not come.
private struct Copies {
    let store: Store
    /// The objects that the remote has.
    let ids: [ObjectID]
    private let folder: LockedFolder

    init(of ids: [ObjectID], from remote: Remote) throws {
        let layout = remote.store.layout
        let parent = layout.own.appending("transfer")
        try parent.makeFolders()
        LockedFolder.removeStale(in: parent, among: try parent.folderEntries(), prefix: Self.prefix)
        folder = try LockedFolder(in: parent, prefix: Self.prefix)
        store = try Store.create(
            at: folder.path.appending("store").string, isBare: true, surroundings: remote.store.surroundings)
        // It says how to reach the remote.
        try store.layout.repository.appending("config").write(
            String(contentsOfFile: layout.repository.appending("config").string, encoding: .utf8))
        let transport = try Transports.open(
            remote.address, named: remote.name, for: store, through: remote.network)
        var missing = ids
        // Of what kind a damaged object is nobody knows.
        for request in [{ .content(trees: [], blobs: $0) }, { .trees($0) }, { .commits($0) }]
            as [([ObjectID]) -> ObjectRequest]
        {
            missing = try Isolation.faults(among: missing) {
                _ = try transport.fetch(request($0), progress: nil)
            }
            .map(\.item)
        }
        store.pool.refresh()
        self.ids = ids.filter { !missing.contains($0) }
    }

    private static let prefix = "repair-"
}
