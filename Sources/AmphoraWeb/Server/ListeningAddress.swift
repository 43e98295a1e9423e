import NIOCore

/// Where a server listens, as a browser opens it.
enum ListeningAddress {
    /// The address of the pages.
    ///
    /// - Parameters:
    ///   - host: What the server was told to listen on.
    ///   - local: Where it does listen.
    ///   - machine: The addresses of this machine.
    ///   - token: What browsers have to know.
    /// - Returns: An URL that others can open, if they can at all.
    static func url(
        _ host: String, _ local: SocketAddress?, machine: [SocketAddress], token: String?
    ) -> String {
        let name =
            switch local?.ipAddress {
            case "0.0.0.0": reachable(machine, isV6: false) ?? "127.0.0.1"
            case "::": reachable(machine, isV6: true) ?? reachable(machine, isV6: false) ?? "::1"
            default: host
            }
        let authority = name.contains(":") ? "[\(name)]" : name
        return "http://\(authority):\(local?.port ?? 0)/" + (token.map { "?token=\($0)" } ?? "")
    }

    /// The addresses of this machine, loopback among them.
    static var machine: [SocketAddress] {
        ((try? System.enumerateDevices()) ?? []).compactMap(\.address)
    }

    /// The first address that is neither loopback nor only good on one cable.
    private static func reachable(_ addresses: [SocketAddress], isV6: Bool) -> String? {
        addresses.lazy.filter { $0.protocol == (isV6 ? .inet6 : .inet) }.compactMap(\.ipAddress).first {
            text in
            !Gate.isLoopback(text) && !["169.254.", "fe80:"].contains { text.hasPrefix($0) }
        }
    }
}
