import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

extension Store {
    /// What keeps objects alive: all refs, and `HEAD` where it names a commit.
    ///
    /// - Throws: ``UpkeepRefused`` if a ref cannot be read: nobody knows then what it keeps alive.
    func roots(in repository: Repository) throws -> [(name: RefName, target: ObjectID)] {
        let references = ReferenceStore(repository)
        if let name = references.unreadable().first {
            throw UpkeepRefused(ref: name, cause: UnreadableRef(name: name))
        }
        var roots = try references.list("refs/")
        if let head = try references.target(of: RefName(existing: "HEAD")) {
            roots.append((RefName(existing: "HEAD"), head))
        }
        // Of git's other working trees, whose `HEAD` may be no branch.
        let worktrees = layout.repository.appending("worktrees")
        for name in (try? worktrees.folderEntries()) ?? [] {
            let head = worktrees.appending(bytes: name).appending("HEAD")
            guard let id = try? ObjectID(hex: head.text()) else { continue }
            roots.append((RefName(existing: "worktrees/\(String(decoding: name, as: UTF8.self))/HEAD"), id))
        }
        return roots
    }

    /// Commits whose parents are elsewhere, as in a shallow clone.
    var shallowIDs: Set<ObjectID> {
        let lines = ((try? layout.repository.appending("shallow").text()) ?? "").split(separator: "\n")
        return Set(lines.compactMap { try? ObjectID(hex: String($0)) })
    }

    /// Everything that the refs reach.
    ///
    /// - Throws: ``UpkeepRefused``, naming a ref that needs what cannot be read.
    func reach(in inventory: ObjectInventory) throws -> Reachability {
        let roots = try pool.with { repository in try self.roots(in: repository) }
        let reachability = Reachability(inventory, pool, shallow: shallowIDs)
        do {
            try reachability.walk(from: roots.map(\.target), .whole)
            return reachability
        } catch {
            // One after another, to find out whose it is: versions first, since those people know.
            let search = Reachability(inventory, pool, shallow: shallowIDs)
            for root in roots.filter({ $0.name.version != nil }) + roots {
                do {
                    try search.walk(from: [root.target], .whole)
                } catch {
                    throw UpkeepRefused(ref: root.name, cause: error)
                }
            }
            throw error
        }
    }
}

/// A ref whose file is malformed, or that points at nothing.
struct UnreadableRef: UserFacingError {
    let name: RefName
    var code: ErrorCode { .corrupt }
    var message: String {
        "the ref '\(name)' is malformed, cannot be read, or points at an object that is not here"
    }
}

/// Nothing may be removed while it is not known what is needed.
public struct UpkeepRefused: UserFacingError {
    /// The ref that keeps alive what cannot be read.
    let ref: RefName?
    public let cause: (any Error)?
    public var code: ErrorCode { .corrupt }

    public var message: String {
        let what = ref.map { "what '\($0.version.map(\.description) ?? $0.rawValue)' needs" }
        return "cannot tidy up: \(what ?? "an object that is needed") cannot be read; nothing was removed"
    }

    public var hint: String? {
        "`amphora verify` lists all that is damaged. Put a damaged file again, get it from another clone, "
            + "or delete the version."
    }
}
