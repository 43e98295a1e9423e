/// What of a remote's address nobody is to read.
struct RemoteSecrets: Sendable {
    private let url: String
    /// As git may quote it, and what is shown instead.
    private let secret: (text: String, shown: String)?

    init(_ url: String) {
        self.url = url
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

    /// The address without them.
    var address: String { hidden(url) }

    /// A text without them.
    func hidden(_ text: String) -> String {
        secret.map { text.replacing($0.text, with: $0.shown) } ?? text
    }
}
