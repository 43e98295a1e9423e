/// The classes of failure that scripts may rely on.
///
/// `Docs/ErrorCodes.md` lists them.
public enum ErrorCode: String, CaseIterable, Sendable {
    case invalidArgument = "invalid-argument"
    case notFound = "not-found"
    case alreadyExists = "already-exists"
    case conflict
    case corrupt
    case locked
    case unavailable
    case `internal`

    /// The process's exit status.
    ///
    /// 64 is `EX_USAGE`, as swift-argument-parser uses it.
    public var exitStatus: Int32 {
        switch self {
        case .invalidArgument: 64
        case .notFound: 10
        case .alreadyExists: 11
        case .conflict: 12
        case .corrupt: 13
        case .locked: 14
        case .unavailable: 15
        case .internal: 70
        }
    }
}
