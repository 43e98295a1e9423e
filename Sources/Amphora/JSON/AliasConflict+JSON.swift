package import AmphoraObjects

extension AliasConflict {
    /// What programs are told of an alias that is another version in a remote.
    ///
    /// - Parameter version: That version's name here, if it has one.
    /// - Returns: An object.
    package func json(version: VersionName?) -> JSONValue {
        [
            "alias": .string(alias.rawValue), "remote": .string(remote),
            "version": version.map { .string($0.description) } ?? .null, "commit": .string("\(target)"),
        ]
    }
}
