import Amphora

/// The way to a remote, by the kind of its address.
enum Transports {
    /// Opens the way; nothing is sent yet.
    static func open(_ address: RemoteAddress, named name: String, for store: Store, through network: Network)
        throws -> any Transport
    {
        switch address {
        case .folder(let path): try FolderTransport(to: path, for: store)
        case .url(let url): try GitTransport(to: url, named: name, for: store, through: network)
        }
    }
}
