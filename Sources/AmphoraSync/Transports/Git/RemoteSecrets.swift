/// What of a remote's address nobody is to read.
struct RemoteSecrets: Sendable {
    /// The address without a password.
    let address: String
    private let password: String?

    init(_ url: String) {
        address = RemoteAddress.url(url).description
        guard let scheme = url.firstRange(of: "://") else {
            password = nil
            return
        }
        let host = url[scheme.upperBound...].prefix { $0 != "/" }
        let user = host.lastIndex(of: "@").map { host[..<$0] }
        password = user.flatMap { user in user.firstIndex(of: ":").map { String(user[$0...]) } }
    }

    /// A text without the password.
    func hidden(_ text: String) -> String {
        password.map { text.replacing("\($0)@", with: "@") } ?? text
    }
}
