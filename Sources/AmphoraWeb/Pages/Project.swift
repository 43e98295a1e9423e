/// What pages say of the project that a store belongs to.
public struct Project: Sendable {
    public let name: String
    /// Where content may be that is not here: names and addresses of other stores, without secrets.
    public let remotes: [String]

    public init(name: String, remotes: [String] = []) {
        self.name = name
        self.remotes = remotes
    }
}
