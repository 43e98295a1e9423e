package import AmphoraObjects
import AmphoraPack

extension ObjectInventory {
    /// Checks that indexes of packs are what they were written as.
    ///
    /// - Throws: ``DamagedIndex``: where objects are is not known then, nor which there are.
    package func checkIndexes() throws {
        for pack in packs {
            if let problem = pack.index.problem {
                throw DamagedIndex(path: pack.path.displayed, problem: problem)
            }
        }
    }

    /// The objects that are in packs of what remotes have.
    package func promised() -> ObjectMarks {
        var marks = ObjectMarks(count: ids.count)
        for pack in packs where pack.isPromised {
            for id in pack.ids {
                if let position = position(of: id) { marks.insert(position) }
            }
        }
        return marks
    }
}

/// The index of a pack that cannot be relied upon.
package struct DamagedIndex: UserFacingError {
    let path: String
    let problem: String
    package var code: ErrorCode { .corrupt }
    package var message: String {
        "the index '\(path)' of a pack is damaged: \(problem); nothing was changed"
    }
    package var hint: String? {
        "The pack itself may be sound: move the index away, then run `git index-pack \(path.dropLast(4)).pack` "
            + "to make it anew."
    }
}
