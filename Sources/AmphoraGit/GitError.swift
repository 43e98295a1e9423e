package import AmphoraObjects
import CLibgit2

/// A failure that libgit2 reported.
package struct GitError: UserFacingError {
    /// The status libgit2 returned, for example `GIT_EMODIFIED`.
    package let status: Int32
    /// libgit2's own text, which names files and refs but not the operation.
    package let detail: String
    /// The libgit2 function that failed.
    package let function: String

    package var message: String {
        if trouble == .otherHash { return "its objects are not named by SHA-1" }
        return detail.isEmpty ? "\(function) failed with status \(status)" : detail
    }

    package var code: ErrorCode {
        switch git_error_code(rawValue: status) {
        case GIT_ENOTFOUND: .notFound
        case GIT_EEXISTS: .alreadyExists
        case GIT_EMODIFIED: .conflict
        case GIT_ELOCKED: .locked
        case GIT_EINVALIDSPEC: .invalidArgument
        case GIT_EMISMATCH: .corrupt
        default:
            switch trouble {
            case .diskFull, .otherHash, .otherKind: .unavailable
            case .damagedRef, .damagedPackedRefs, .damagedSettings: .corrupt
            case nil: .internal
            }
        }
    }

    package var hint: String? {
        switch trouble {
        case .diskFull: "Free some space; nothing that was stored before is affected."
        case .otherHash:
            "A store names them by SHA-1: make another repository with `git init --bare --object-format=sha1`."
        case .otherKind:
            "A later git made it, or changed it: use another repository, such as one that `git init --bare` makes."
        case .damagedRef:
            "Write the ref's last ID into it, which the store keeps under 'logs/', or delete it."
        case .damagedPackedRefs:
            "Take the lines out of its file 'packed-refs' that are no refs; `git fsck` there names them."
        case .damagedSettings: "Mend the line that is named."
        case nil: nil
        }
    }

    /// What libgit2 has no status for, and only its text tells.
    private enum Trouble: CaseIterable {
        case diskFull, otherHash, otherKind, damagedPackedRefs, damagedSettings
        /// A ref's file that a power failure has emptied, for example.
        case damagedRef

        var phrases: [String] {
            switch self {
            // What strerror(3) says.
            case .diskFull: ["No space left on device"]
            case .otherHash: ["extensions.objectformat"]
            case .otherKind: ["unsupported extension name", "unsupported repository version"]
            case .damagedPackedRefs: ["corrupted packed references file"]
            case .damagedSettings: ["failed to parse config file"]
            case .damagedRef: ["corrupted loose reference"]
            }
        }
    }

    private var trouble: Trouble? {
        Trouble.allCases.first { $0.phrases.contains { detail.contains($0) } }
    }
}

/// Runs one libgit2 call and turns a negative status into a ``GitError``.
///
/// The text is in thread-local storage (libgit2, docs/threading.md), so it is copied here, before
/// this function returns and the caller can move to another thread. It is cleared after that, so that a
/// later failure that sets no text does not show this one's.
///
/// - Parameters:
///   - function: The name of the C function, for the error.
///   - body: The call. It must be the only libgit2 call in the closure.
/// - Returns: The status, zero or positive.
/// - Throws: ``GitError`` if it is negative.
@discardableResult
func git(_ function: StaticString, _ body: () -> Int32) throws(GitError) -> Int32 {
    let status = body()
    if status >= 0 { return status }
    let detail = git_error_last().map { String(cString: $0.pointee.message) } ?? ""
    git_error_clear()
    throw GitError(status: status, detail: detail, function: String(describing: function))
}

/// Runs a libgit2 call that opens or looks up an object, and returns the object.
///
/// The caller owns the pointer: put it in a handle type at once, or free it in a `defer`.
///
/// - Throws: ``GitError`` if the status is negative.
func git(
    _ function: StaticString, opening body: (inout OpaquePointer?) -> Int32
) throws(GitError) -> OpaquePointer {
    var pointer: OpaquePointer?
    try git(function) { body(&pointer) }
    guard let pointer else { preconditionFailure("\(function) succeeded but gave no object") }
    return pointer
}
