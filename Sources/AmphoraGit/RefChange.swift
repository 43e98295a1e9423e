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
