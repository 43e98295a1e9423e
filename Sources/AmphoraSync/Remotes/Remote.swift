package import Amphora

/// Another store that this one exchanges versions, aliases and runs with.
public struct Remote: Sendable {
    public let name: String
    public let address: RemoteAddress
    package let store: Store
    package let network: Network
}
