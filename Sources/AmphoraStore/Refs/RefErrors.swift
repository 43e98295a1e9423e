package import AmphoraObjects

/// Refs that do not hold what was expected: somebody else has moved them.
package struct RefsChanged: UserFacingError {
    package let names: [RefName]
    package var code: ErrorCode { .conflict }
    package var message: String {
        let others = names.count == 1 ? "" : " and \(names.count - 1) more"
        return "'\(names.first?.rawValue ?? "")'\(others) changed meanwhile; nothing was moved"
    }
    package var hint: String? { "Run the command again." }
}

/// A ref that cannot be beside another: git keeps `a/b` in a folder `a`.
package struct RefNameTaken: UserFacingError {
    let name: RefName
    package var code: ErrorCode { .conflict }
    package var message: String {
        "cannot make the ref '\(name)': there is one whose name is the beginning of it, or of whose name it is"
    }
    package var hint: String? { "Remove or rename the other: `git for-each-ref` lists all." }
}

/// A ref that is nothing to point elsewhere.
package struct UnusableRef: UserFacingError {
    let name: RefName
    let reason: String
    package var code: ErrorCode { .conflict }
    package var message: String { "cannot change the ref '\(name)': \(reason)" }
}
