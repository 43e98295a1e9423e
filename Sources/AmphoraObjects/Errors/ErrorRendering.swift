/// Writes an error the way every `amphora` command shows one.
///
///     error: cannot move alias 'prod' of 'resnet50'
///     caused by: ref 'refs/heads/…/prod' changed while it was being updated
///     hint: Fetch first, then run the command again.
///
/// - Returns: Text that ends in a newline, for standard error.
public func render(_ error: any Error) -> String {
    let report = ErrorReport(error)
    var text = "error: \(report.message)\n"
    for cause in report.causes { text += "caused by: \(cause)\n" }
    if let hint = report.hint { text += "hint: \(hint)\n" }
    return text
}

/// An error taken apart for showing it: as text, as JSON or on a page.
public struct ErrorReport: Sendable {
    /// The class of the failure.
    public let code: ErrorCode
    /// What failed, one line.
    public let message: String
    /// What lies below it, from the nearest to the first cause.
    public let causes: [String]
    /// What to do about it: the first hint on the way down.
    public let hint: String?

    /// Follows the chain of causes of `error`.
    public init(_ error: any Error) {
        let top = error as? any UserFacingError
        code = top?.code ?? .internal
        message = Self.clean(top?.message ?? String(describing: error))
        var causes: [String] = []
        var hint = top?.hint
        var next = top?.cause
        while let current = next {
            let userFacing = current as? any UserFacingError
            causes.append(Self.clean(userFacing?.message ?? String(describing: current)))
            hint = hint ?? userFacing?.hint
            next = userFacing?.cause
        }
        self.causes = causes
        self.hint = hint.map(Self.clean)
    }

    /// The same error as a JSON object: `code`, `exit_status`, `message`, `causes`, `hint`.
    public var json: JSONValue {
        [
            "error": [
                "code": .string(code.rawValue), "exit_status": .int(Int64(code.exitStatus)),
                "message": .string(message), "causes": .array(causes.map(JSONValue.string)),
                "hint": hint.map(JSONValue.string) ?? .null,
            ]
        ]
    }

    /// Escapes control characters, so that a hostile file name cannot drive the terminal.
    private static func clean(_ text: String) -> String { text.escapingControlCharacters() }
}
