import HTTPTypes
import Hummingbird

/// Who may ask.
struct Gate: Sendable {
    let host: String
    let token: String?

    enum Verdict {
        case pass
        /// The token was in the address: it goes into a cookie, and out of the address.
        case remember(String)
        /// A browser was talked into asking us under a foreign name, whose pages could then read the answer.
        case foreignName
        case tokenWanted
    }

    /// Of the servers of one machine each has its own: cookies know no ports.
    private func cookie(_ request: Request) -> String {
        let port = request.head.authority?.split(separator: ":").last.flatMap { UInt16($0) }
        return "amphora_token_\(port ?? 80)"
    }

    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || host == "::1" || host == "[::1]"
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    func judge(_ request: Request, _ query: Query) -> Verdict {
        guard let token else { return isOwnName(request.head.authority) ? .pass : .foreignName }
        if let given = query["token"], Self.isEqual(given, token) {
            return .remember("\(cookie(request))=\(token); HttpOnly; SameSite=Strict; Path=/")
        }
        let given = cookies(of: request) + bearers(of: request)
        return given.contains { Self.isEqual($0, token) } ? .pass : .tokenWanted
    }

    private func isOwnName(_ authority: String?) -> Bool {
        guard let authority else { return false }
        let name =
            authority.hasPrefix("[")
            ? String(authority.prefix { $0 != "]" } + "]") : String(authority.prefix { $0 != ":" })
        return Self.isLoopback(name) || name == host
    }

    private func cookies(of request: Request) -> [String] {
        let cookie = cookie(request)
        return request.headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == cookie else { return nil }
            return String(parts[1])
        }
    }

    private func bearers(of request: Request) -> [String] {
        let prefix = "Bearer "
        return request.headers[values: .authorization].filter { $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }
    }

    /// Compares in a time that tells nothing of where they differ.
    static func isEqual(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
