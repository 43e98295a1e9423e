package import AmphoraGit
package import AmphoraObjects
import AmphoraPack
import Synchronization

/// Finds all objects that others name, from roots on, on all cores.
package final class Reachability: Sendable {
    package enum Mode: Sendable {
        /// What cannot be read is an error: what it names would be taken for garbage.
        case whole
        /// What cannot be read is passed over.
        case asFarAsPossible
    }

    private let inventory: ObjectInventory
    private let pool: RepositoryPool
    /// Commits whose parents are elsewhere, as in a shallow clone.
    private let shallow: Set<ObjectID>
    /// What remotes have; `nil` if everything has to be here.
    private let promised: ObjectMarks?
    private let seen: Mutex<Seen>

    private struct Seen {
        var marks: ObjectMarks
        /// Objects that are not in the inventory: missing, or in a repository that this one borrows from.
        var others: Set<ObjectID> = []
        /// Those of them that are named by objects which remotes have.
        var promisedOthers: Set<ObjectID> = []
        /// Those of them that are named by objects of our own.
        var neededOthers: Set<ObjectID> = []
    }

    package init(_ inventory: ObjectInventory, _ pool: RepositoryPool, shallow: Set<ObjectID>) {
        self.inventory = inventory
        self.pool = pool
        self.shallow = shallow
        promised = inventory.isPartial ? inventory.promised() : nil
        seen = Mutex(Seen(marks: ObjectMarks(count: inventory.ids.count)))
    }

    /// What was found so far.
    package var marks: ObjectMarks { seen.withLock { $0.marks } }

    /// What is not here, and only objects of our own name: nobody has promised it, as far as was walked.
    package var unpromised: Set<ObjectID> {
        seen.withLock { $0.neededOthers.subtracting($0.promisedOthers) }
    }

    /// Marks the roots and all that can be reached from them.
    ///
    /// A blob that is not here is no error: nothing is behind it. Nor is a tree if a remote may have it.
    ///
    /// - Parameters:
    ///   - roots: Objects of any kind.
    ///   - mode: What to do about objects that cannot be read.
    /// - Throws: ``MissingObject``, ``DamagedObject``.
    package func walk(from roots: [ObjectID], _ mode: Mode) throws {
        var level = seen.withLock { seen in
            roots.filter { insert($0, &seen) }.map { ObjectLinks.Link($0, nil) }
        }
        while !level.isEmpty {
            let current = level
            let next = Mutex<[ObjectLinks.Link]>([])
            try Parallel.forEach(current.count) { index in
                let links = try self.links(of: current[index], mode)
                let new = seen.withLock { seen in
                    note(links, of: current[index].id, &seen)
                    return links.filter { insert($0.id, &seen) && $0.kind != .blob }
                }
                if !new.isEmpty { next.withLock { $0 += new } }
            }
            level = next.withLock { $0 }
        }
    }

    private func insert(_ id: ObjectID, _ seen: inout Seen) -> Bool {
        if let position = inventory.position(of: id) { return seen.marks.insert(position) }
        return seen.others.insert(id).inserted
    }

    /// Takes down what is not here, by who names it.
    private func note(_ links: [ObjectLinks.Link], of id: ObjectID, _ seen: inout Seen) {
        guard let promised else { return }
        let isPromised = inventory.position(of: id).map { promised.contains($0) } ?? false
        let path = isPromised ? \Seen.promisedOthers : \Seen.neededOthers
        for link in links where inventory.position(of: link.id) == nil {
            seen[keyPath: path].insert(link.id)
        }
    }

    private func links(of object: ObjectLinks.Link, _ mode: Mode) throws -> [ObjectLinks.Link] {
        if object.id == TreeID.empty.objectID { return [] }
        do {
            return try pool.with { repository in
                if inventory.isPartial, object.kind == .tree, inventory.position(of: object.id) == nil,
                    !repository.contains(object.id, mayBeStale: true)
                {
                    return []
                }
                let kind = try object.kind ?? repository.kind(of: object.id)
                guard kind != .blob else { return [] }
                let bytes = try repository.read(object.id, as: kind)
                let links = try ObjectLinks.links(in: bytes, kind)
                return shallow.contains(object.id) ? links.filter { $0.kind != .commit } : links
            }
        } catch {
            if mode == .asFarAsPossible { return [] }
            throw error is MalformedObject ? DamagedObject(id: object.id, cause: error) : error
        }
    }
}
