import Amphora

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes a command's result to standard output; errors and notices go to standard error.
struct Output: Sendable {
    let isJSON: Bool
    let isQuiet: Bool

    /// Writes a result.
    ///
    /// - Parameters:
    ///   - json: Its JSON is public: fields are added, never renamed.
    ///   - text: The same for people, with or without a newline at the end.
    /// - Throws: ``OutputClosed`` or ``OutputFailed``.
    func write(_ json: @autoclosure () -> JSONValue, text: @autoclosure () -> String) throws {
        if isJSON {
            try Self.write("\(json().line)\n")
        } else {
            let text = text()
            try Self.write(text.hasSuffix("\n") || text.isEmpty ? text : "\(text)\n")
        }
    }

    /// Writes several results: a table for people, one JSON object a line for programs.
    func write(
        _ rows: @autoclosure () -> [JSONValue], table: @autoclosure () -> TextTable, ifEmpty: String
    ) throws {
        if isJSON { return try Self.write(rows().map { "\($0.line)\n" }.joined()) }
        let table = table()
        guard !table.isEmpty else { return notice(ifEmpty) }
        try Self.write(
            table.render(width: Terminal.width(of: STDOUT_FILENO, columns: Environment["COLUMNS"])))
    }

    /// Tells something that is not a result.
    func notice(_ text: String) {
        guard !isQuiet else { return }
        Terminal.write("\(text.escapingControlCharacters())\n", to: STDERR_FILENO)
    }

    /// Tells of something that cannot be read, and is left out of a list.
    func notice(of error: any UserFacingError) {
        let report = ErrorReport(error)
        notice(([report.message] + report.causes).joined(separator: ": "))
    }

    /// A bar on standard error while `body` works, if that is a terminal; Ctrl-C leaves nothing behind.
    func withProgress<Result>(_ body: (@escaping Progress.Handler) throws -> Result) rethrows -> Result {
        let display = progressDisplay
        defer { display.finish() }
        return try body(display.handler)
    }

    /// The same for work that waits.
    func withProgress<Result>(_ body: (@escaping Progress.Handler) async throws -> Result) async rethrows
        -> Result
    {
        let display = progressDisplay
        defer { display.finish() }
        return try await body(display.handler)
    }

    private var progressDisplay: ProgressDisplay {
        let display = ProgressDisplay(isQuiet: isQuiet || isJSON, columns: Environment["COLUMNS"])
        Interruption.before { display.finish() }
        return display
    }

    static func write(_ text: String) throws { try write(bytes: Array(text.utf8)) }

    /// - Throws: ``OutputClosed`` if nobody reads any more; ``OutputFailed``.
    static func write(bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    static func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = writeSome(UnsafeRawBufferPointer(rebasing: rest))
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw OutputClosed()
            } else if errno != EINTR {
                throw OutputFailed(reason: String(cString: strerror(errno)))
            }
        }
    }
}

/// write(2), outside the type that has a `write` of its own.
private func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
    write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
}

/// The reader of our output has ended, as `head` does.
struct OutputClosed: Error {}

/// Standard output cannot be written.
struct OutputFailed: UserFacingError {
    let reason: String
    var code: ErrorCode { .unavailable }
    var message: String { "cannot write to standard output: \(reason)" }
}

extension JSONValue {
    /// One line of JSON that cannot drive a terminal: control characters that JSON allows are escaped too.
    var line: String {
        let text = canonical
        guard text != text.escapingControlCharacters() else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            guard "\(scalar)" != "\(scalar)".escapingControlCharacters() else {
                return line.unicodeScalars.append(scalar)
            }
            let digits = String(scalar.value, radix: 16)
            line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
