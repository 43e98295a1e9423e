import Amphora
import FoundationEssentials

/// JSON on the command line: the text itself, or `@FILE`.
enum JSONArgument {
    /// - Throws: ``InvalidJSONArgument`` if it is not a JSON object.
    static func object(_ text: String, option: String) throws -> [String: JSONValue] {
        let bytes = text.hasPrefix("@") ? try contents(String(text.dropFirst())) : Array(text.utf8)
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw InvalidJSONArgument(option: option, cause: error)
        }
        guard let object = json.object else { throw InvalidJSONArgument(option: option, cause: nil) }
        return object
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw UnreadableFile(path: path) }
        return Array(data)
    }

    /// Reads `key=value` pairs: a value that is JSON counts as JSON, any other as text.
    static func pairs(_ texts: [String]) throws -> [String: JSONValue] {
        try texts.reduce(into: [:]) { entries, text in
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw InvalidPair(text: text, form: "key=value")
            }
            let value = String(text[text.index(after: equals)...])
            // Text that reads as a number elsewhere: it would be kept as text, and drawn nowhere.
            guard Double(value)?.isFinite != false else {
                throw InvalidPair(text: text, form: "key=finite number")
            }
            entries[String(text[..<equals])] = (try? JSONValue(parsing: value)) ?? .string(value)
        }
    }
}

/// Something else where a JSON object belongs.
struct InvalidJSONArgument: UserFacingError {
    let option: String
    let cause: (any Error)?
    var code: ErrorCode { .invalidArgument }
    var message: String { "\(option) is not a JSON object" }
    var hint: String? { "Write it like '{\"rows\": 100}', or name a file that holds it: @FILE" }
}

/// A file that cannot be read.
struct UnreadableFile: UserFacingError {
    let path: String
    var code: ErrorCode { .notFound }
    var message: String { "cannot read '\(path)'" }
}

/// Something else where `key=value` belongs.
struct InvalidPair: UserFacingError {
    let text: String
    let form: String
    var code: ErrorCode { .invalidArgument }
    var message: String { "'\(text)' is not of the form \(form)" }
}
