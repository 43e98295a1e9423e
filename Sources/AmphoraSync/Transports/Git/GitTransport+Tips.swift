import Amphora
import AmphoraGit
import AmphoraObjects

/// For servers that give only what their refs point at: which commits hold the objects that are wanted.
extension GitTransport {
    /// The commits to ask for, as far as can be told from what is here; all if it cannot.
    func tips(holding wants: Wants) throws -> [ObjectID] {
        let references = try known ?? references()
        let tips = Set(references.targets.values).sorted()
        var missing = Set(wants.ids)
        var chosen = tips.filter { missing.remove($0) != nil }
        try store.pool.with { repository in
            let trees = tips.compactMap { tip in
                (try? repository.commit(CommitID(tip))).map { (tip, $0.treeID.objectID) }
            }
            for (tip, tree) in trees where missing.remove(tree) != nil { chosen.append(tip) }
            var seen: Set<ObjectID> = []
            for (tip, tree) in trees where !missing.isEmpty {
                let before = missing.count
                Self.remove(from: &missing, below: tree, &seen, in: repository)
                if missing.count < before { chosen.append(tip) }
            }
        }
        return missing.isEmpty ? Array(Set(chosen)) : tips
    }

    private static func remove(
        from missing: inout Set<ObjectID>, below tree: ObjectID, _ seen: inout Set<ObjectID>,
        in repository: Repository
    ) {
        var next = [tree]
        while let id = next.popLast(), !missing.isEmpty {
            guard seen.insert(id).inserted, let tree = try? repository.tree(TreeID(id)) else { continue }
            for entry in tree.entries {
                missing.remove(entry.id)
                if entry.mode == .directory { next.append(entry.id) }
            }
        }
    }
}
