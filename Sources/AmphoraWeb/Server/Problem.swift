import Amphora
import HTTPTypes
import Hummingbird
import NIOCore

/// Why there is no answer, as the reader is told it.
struct Problem: Error {
    let status: HTTPResponse.Status
    let message: String
    var hint: String?
    /// Names of what the reader may have meant.
    private(set) var near: [String] = []

    static let noSuchPlace = Problem(status: .notFound, message: "There is no such page.")
    static let addressTooLong = Problem(status: .uriTooLong, message: "The address is too long.")
    static let readOnly = Problem(
        status: .methodNotAllowed, message: "These pages can only be read.",
        hint: "The command line changes a store.")
    static let foreignName = Problem(
        status: .misdirectedRequest, message: "This server does not go by that name.",
        hint: "Use the address that `amphora serve` has shown.")
    static let tokenWanted = Problem(
        status: .unauthorized, message: "The token is missing or wrong.",
        hint: "Open the address that `amphora serve` has shown: it has the token in it.")
    static let noSuchBytes = Problem(
        status: .rangeNotSatisfiable, message: "The file does not have these bytes.")
    static let tooSlow = Problem(
        status: .serviceUnavailable, message: "The answer takes too long.",
        hint: "Ask for less at once, or try again later.")
    static let tooBusy = Problem(
        status: .serviceUnavailable, message: "Too many requests at once.", hint: "Try again in a moment.")

    init(status: HTTPResponse.Status, message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// What may be said of an error: of failures of this machine, not where things lie on it.
    ///
    /// - Parameters:
    ///   - error: What went wrong.
    ///   - remotes: Where content may be that is not here.
    init(_ error: any Error, remotes: [String] = []) {
        if let problem = error as? Problem {
            self = problem
        } else if error is TooBusy {
            self = .tooBusy
        } else if error is TooSlow {
            self = .tooSlow
        } else if let absent = error as? ContentAbsent {
            self = .notHere(absent, remotes)
        } else if error is any UserFacingError {
            let report = ErrorReport(error)
            let status: HTTPResponse.Status? =
                switch report.code {
                case .notFound: .notFound
                case .invalidArgument: .badRequest
                case .corrupt: .internalServerError
                default: nil
                }
            guard let status else {
                self = .failed
                return
            }
            let text = ([report.message] + report.causes).joined(separator: ": ")
            let hint =
                report.hint ?? (report.code == .corrupt ? "`amphora verify` lists what is damaged." : nil)
            self.init(status: status, message: text.sentence, hint: hint)
            near = (error as? NotInStore)?.near ?? []
        } else {
            self = .failed
        }
    }

    /// What a light store has not got yet: it is somewhere, and comes when it is asked for.
    private static func notHere(_ absent: ContentAbsent, _ remotes: [String]) -> Problem {
        let command =
            switch absent.owner {
            case .version(let name): "amphora pull \(name)"
            case .run(let id): "amphora run show \(id)"
            }
        let remedy =
            remotes.isEmpty
            ? "Name a store that has it with `amphora remote add`, then `\(command)` brings it."
            : "`\(command)` brings it from \(remotes.joined(separator: " or "))."
        return Problem(
            status: .notFound, message: absent.message.sentence,
            hint: "The store was cloned without it. \(remedy)")
    }

    private static let failed = Problem(
        status: .internalServerError, message: "The store could not be read.",
        hint: "`amphora verify` looks at all of it.")
}

extension String {
    /// The text as a sentence; a name that it begins with is left as it is.
    var sentence: String {
        let isWord = prefix { $0 != " " }.allSatisfy { ("a"..."z").contains($0) }
        let text = isWord ? capitalized : self
        return text.last.map { ".!?".contains($0) } == true ? text : text + "."
    }
}

extension Response {
    /// A page, or problem JSON (RFC 9457) for programs.
    init(_ problem: Problem, at place: Place? = nil, isForPrograms: Bool, _ project: Project) {
        let body: String
        if isForPrograms {
            var json: [String: JSONValue] = [
                "status": .int(Int64(problem.status.code)), "title": .string(problem.status.reasonPhrase),
                "detail": .string(problem.message),
            ]
            if let hint = problem.hint { json["hint"] = .string(hint) }
            body = JSONValue.object(json).canonical + "\n"
        } else {
            let page = Page.failure(problem, at: place)
            body = page.html(.live, project)
        }
        self.init(
            status: problem.status,
            headers: [
                .contentType: isForPrograms ? "application/problem+json" : "text/html; charset=utf-8",
                .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        switch problem.status {
        case .methodNotAllowed: headers[.allow] = "GET, HEAD"
        case .serviceUnavailable: headers[.retryAfter] = "1"
        case .unauthorized: headers[.wwwAuthenticate] = "Bearer"
        default: break
        }
    }
}
