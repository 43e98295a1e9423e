import AmphoraGit
package import AmphoraObjects

/// The refs of versions, aliases and runs in three states: here, at a remote as last seen, and as both last agreed.
package struct SyncedRefs: Sendable, Equatable {
    package var here: [RefName: ObjectID] = [:]
    package var there: [RefName: ObjectID] = [:]
    package var agreed: [RefName: ObjectID] = [:]
    /// Where aliases were last sent, if the answer never came.
    package var sending: [RefName: ObjectID] = [:]

    /// The folders below `refs/` that travel.
    static let kinds = ["heads", "tags", "notes"]

    /// Where a remote's refs are mirrored.
    static func mirror(of remote: String) -> String { "refs/remotes/\(remote)/" }
    /// What this store and a remote last agreed on.
    static func agreed(with remote: String) -> String { "\(RefName.synced)\(remote)/" }
    /// What a push to a remote is about to move, and what it has sent ahead.
    static func sending(to remote: String) -> String { "refs/amphora/sending/\(remote)/" }
    /// What a remote has where an alias was moved here and there.
    static func conflicts(with remote: String) -> String { "\(RefName.conflicts)\(remote)/" }

    /// All that is kept about a remote.
    static func folders(of remote: String) -> [String] {
        [mirror(of: remote), agreed(with: remote), sending(to: remote), conflicts(with: remote)]
    }

    package init(
        here: [RefName: ObjectID] = [:], there: [RefName: ObjectID] = [:], agreed: [RefName: ObjectID] = [:],
        sending: [RefName: ObjectID] = [:]
    ) {
        self.here = here
        self.there = there
        self.agreed = agreed
        self.sending = sending
    }

    /// Reads all states.
    ///
    /// Against the order in which others write them: so what another process has just agreed on is never taken for a
    /// move of ours.
    init(of remote: String, in references: ReferenceStore) throws {
        sending = try Self.read(Self.sending(to: remote), in: references)
        agreed = try Self.read(Self.agreed(with: remote), in: references)
        there = try Self.read(Self.mirror(of: remote), in: references)
        for kind in Self.kinds {
            here.merge(try Self.read("refs/", in: references, below: "\(kind)/")) { first, _ in first }
        }
        // Branches of other things, code for example, stay where they are.
        let artifacts = Set(names.compactMap(\.version?.artifact))
        here = here.filter { name, _ in name.alias.map { artifacts.contains($0.artifact) } != false }
    }

    /// The refs in a folder that stands for `refs/`.
    ///
    /// - Parameters:
    ///   - folder: Stands for `refs/`.
    ///   - references: Where it is.
    ///   - subfolder: The part of it that matters.
    /// - Returns: The refs under their own names.
    /// - Throws: `GitError`.
    static func read(
        _ folder: String, in references: ReferenceStore, below subfolder: String = ""
    ) throws -> [RefName: ObjectID] {
        try references.list(folder + subfolder).reduce(into: [:]) { refs, ref in
            let name = RefName(existing: "refs/\(ref.name.rawValue.dropFirst(folder.count))")
            if name.travels { refs[name] = ref.target }
        }
    }

    /// What is to be changed here, be it in what is known of the remote.
    func changes(to new: SyncedRefs, with remote: String) -> [RefChange] {
        [RefChange](from: here, to: new.here)
            + [RefChange](from: there, to: new.there, in: Self.mirror(of: remote))
            + [RefChange](from: agreed, to: new.agreed, in: Self.agreed(with: remote))
            + [RefChange](from: sending, to: new.sending, in: Self.sending(to: remote))
    }

    /// All names here, there, or agreed on.
    var names: Set<RefName> { Set(here.keys).union(there.keys).union(agreed.keys) }
}

extension RefName {
    /// Whether the ref is a version, an alias or a run: those are exchanged.
    package var travels: Bool { version != nil || alias != nil || run != nil }

    /// The same ref in a folder that stands for `refs/`, such as `refs/remotes/origin/`.
    func moved(to folder: String) -> RefName { RefName(existing: "\(folder)\(rawValue.dropFirst(5))") }

    /// As people name it: `mnist-raw:v3`, `mnist-raw:best`, `run 3k9x2m1a`.
    package var title: String {
        if let version { return "\(version)" }
        if let (artifact, alias) = alias { return "\(artifact):\(alias)" }
        return run.map { "run \($0)" } ?? rawValue
    }
}

/// Changes that lead from one state of refs to another.
extension [RefChange] {
    /// - Parameters:
    ///   - old: The refs before.
    ///   - new: The refs afterwards.
    ///   - folder: Where they are, `refs/` or what stands for it.
    init(from old: [RefName: ObjectID], to new: [RefName: ObjectID], in folder: String = "refs/") {
        self = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
            .map { RefChange($0.moved(to: folder), from: old[$0], to: new[$0]) }
    }
}
