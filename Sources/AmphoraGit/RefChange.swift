package import AmphoraObjects

/// A ref that is to point elsewhere, if it still holds what it did when that was decided.
package struct RefChange: Hashable, Sendable {
    package let name: RefName
    /// What it must hold now; `nil`: it must not exist.
    package let expected: ObjectID?
    /// What it is to point at; `nil`: it is to be removed.
    package let target: ObjectID?

    package init(_ name: RefName, from expected: ObjectID?, to target: ObjectID?) {
        self.name = name
        self.expected = expected
        self.target = target
    }
}

extension [RefChange] {
    /// The same changes in an order in which no object loses its last ref: a ref takes over what another held before
    /// that one lets go of it.
    package var takingOverFirst: [RefChange] {
        var takers: [ObjectID: [RefChange]] = [:]
        for change in self {
            if let target = change.target { takers[target, default: []].append(change) }
        }
        var ordered: [RefChange] = []
        var done: Set<RefName> = []
        for change in self {
            var waiting = [change]
            while let last = waiting.last {
                if let expected = last.expected, let first = takers.removeValue(forKey: expected) {
                    waiting += first
                } else {
                    waiting.removeLast()
                    if done.insert(last.name).inserted { ordered.append(last) }
                }
            }
        }
        return ordered
    }
}
