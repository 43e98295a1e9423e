package import AmphoraObjects

/// Refs that are looked at together, and the folders in which loose ones lie.
package enum RefScope: Hashable, Sendable {
    case versions(of: ArtifactName)
    case aliases(of: ArtifactName)
    case allVersions
    case allAliases
    case runs

    /// One folder, below the repository.
    var folder: String {
        switch self {
        case .versions(let artifact): "\(RefName.versions)\(artifact)"
        case .aliases(let artifact): "\(RefName.aliases)\(artifact)"
        case .allVersions: String(RefName.versions.dropLast())
        case .allAliases: String(RefName.aliases.dropLast())
        case .runs: String(RefName.runs.dropLast())
        }
    }

    /// Whether the refs lie in the folders in that one.
    var isNested: Bool { self == .allVersions || self == .allAliases }

    /// Whether a ref is one that the index is about, and not somebody else's.
    static func covers(_ name: RefName) -> Bool {
        name.version != nil || name.alias != nil || name.run != nil
    }
}
