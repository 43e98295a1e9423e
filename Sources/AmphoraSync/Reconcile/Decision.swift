package import AmphoraObjects

/// What becomes of one ref when two stores are brought together: the rules are the tables in `Docs/Sync.md`.
package enum Decision: String, Hashable, Sendable {
    /// Both have the same.
    case agreed
    /// It becomes here what it is there.
    case take
    /// It becomes there what it is here, with the next push.
    case give
    /// Theirs is taken; ours, which nobody else knows yet, gets another number.
    case renumber
    /// What both had agreed on has another number there now, and gets that here; its old number is theirs.
    case follow
    /// An alias moved here and there: ours stays until somebody decides.
    case conflict
    /// A run was saved here and there: both saves become one.
    case merge
    /// There it is not what both had agreed on: nothing is changed.
    case rewritten
    /// Two remotes have different versions under one number: nothing is changed.
    case clash
}

/// A ref in its three states.
package struct RefStates: Hashable, Sendable {
    package let here: ObjectID?
    package let there: ObjectID?
    package let agreed: ObjectID?

    package init(here: ObjectID?, there: ObjectID?, agreed: ObjectID?) {
        self.here = here
        self.there = there
        self.agreed = agreed
    }
}

extension Decision {
    /// Decides about a version's tag.
    ///
    /// - Parameters:
    ///   - states: What it points at.
    ///   - isKnownElsewhere: Whether another remote has ours under this number.
    ///   - isOccupied: Whether there is something there that is no version of a store's, if no version is.
    ///   - isMoved: Whether what both had agreed on has another number there.
    ///   - deleted: What a tombstone stands for; `nil` for a version.
    /// - Returns: What to do.
    package static func aboutVersion(
        _ states: RefStates, isKnownElsewhere: Bool = false, isOccupied: Bool = false,
        isMoved: Bool = false, deleted: (ObjectID) -> ObjectID?
    ) -> Decision {
        guard states.here != states.there else { return .agreed }
        guard let there = states.there else {
            guard states.here != nil else { return .agreed }
            guard isOccupied else { return .give }
            return states.agreed != nil ? .rewritten : isKnownElsewhere ? .clash : .renumber
        }
        if let agreed = states.agreed, there != agreed, deleted(there) != agreed {
            let isOurs = states.here == agreed || states.here.flatMap(deleted) == agreed
            return isMoved && isOurs && !isKnownElsewhere ? .follow : .rewritten
        }
        guard let here = states.here else { return .take }
        // A tombstone wins over its version; of two for one version, theirs stays.
        if let version = deleted(there), version == here || version == deleted(here) { return .take }
        if deleted(here) == there { return .give }
        return isKnownElsewhere ? .clash : .renumber
    }

    /// Decides about an alias, other than `latest`.
    package static func aboutAlias(_ states: RefStates) -> Decision {
        if states.here == states.there { return .agreed }
        if states.there == states.agreed { return .give }
        if states.here == states.agreed { return .take }
        // Whoever moved it wins over whoever removed it: so nothing is lost.
        if states.here == nil { return .take }
        return states.there == nil ? .give : .conflict
    }

    /// Decides about a run.
    ///
    /// - Parameters:
    ///   - states: Its newest saves.
    ///   - isBefore: Whether the first save is one of those that led to the second.
    /// - Returns: What to do.
    package static func aboutRun(_ states: RefStates, isBefore: (ObjectID, ObjectID) -> Bool) -> Decision {
        guard states.here != states.there else { return .agreed }
        guard let here = states.here else { return .take }
        guard let there = states.there else { return .give }
        if isBefore(here, there) { return .take }
        return isBefore(there, here) ? .give : .merge
    }
}
