package import Amphora
public import AmphoraObjects

/// Another store that this one exchanges versions, aliases and runs with.
public struct Remote: Sendable, CustomStringConvertible {
    /// As the configuration names it, such as `origin`.
    public let name: String
    public let address: RemoteAddress
    package let store: Store
    package let network: Network

    public var description: String { name }

    /// Opens the way to it; nothing is sent yet.
    func open() throws -> any Transport {
        try Transports.open(address, named: name, for: store, through: network)
    }

    /// Names the remote in what goes wrong in `body`.
    func reaching<Result>(_ doing: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw error is RemoteFailure ? error : RemoteFailure(doing: doing, remote: self, cause: error)
        }
    }
}

/// What was to be done with a remote, and failed.
public struct RemoteFailure: UserFacingError {
    let doing: String
    let remote: Remote
    public let cause: (any Error)?
    public var code: ErrorCode { (cause as? any UserFacingError)?.code ?? .internal }
    public var message: String { "cannot \(doing) '\(remote.name)' (\(remote.address))" }
}
