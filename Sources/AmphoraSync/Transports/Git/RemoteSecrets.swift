/// What of a remote's address nobody is to read.
struct RemoteSecrets: Sendable {
    /// The address without secrets.
    let address: String
    /// As git may quote it, and what is shown instead.
    private let secret: (text: String, shown: String)?

    init(_ url: String) {
        address = RemoteAddress.url(url).description
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] }
        let host = rest?.prefix { $0 != "/" }
        guard let host, let at = host.lastIndex(of: "@") else {
            secret = nil
            return
        }
        if url.hasPrefix("http") {
            // The user's name may be a token.
            secret = (String(host[...at]), "")
        } else {
            secret = host[..<at].firstIndex(of: ":").map { (String(host[$0...at]), "@") }
        }
    }

    /// A text without them.
    func hidden(_ text: String) -> String {
        secret.map { text.replacing($0.text, with: $0.shown) } ?? text
    }
}
