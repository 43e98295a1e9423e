/// An error whose text is meant for the person at the command line.
///
/// Each module declares its own small enum and conforms it here; the CLI and the web server
/// render all of them in one place.
public protocol UserFacingError: Error, CustomStringConvertible {
    /// The stable class of the failure. Decides the exit code and the HTTP status.
    var code: ErrorCode { get }

    /// What went wrong: one line, lower case, no full stop, the subject in single quotes.
    var message: String { get }

    /// What the user can do about it: a sentence with a full stop, or `nil` if there is nothing.
    var hint: String? { get }

    /// The error below this one, or `nil` if this is where it began.
    var cause: (any Error)? { get }
}

extension UserFacingError {
    public var hint: String? { nil }
    public var cause: (any Error)? { nil }

    /// The message, so that swift-argument-parser and swift-log show it too.
    public var description: String { message }
}
