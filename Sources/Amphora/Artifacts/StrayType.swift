public import AmphoraObjects
import AmphoraStore

/// A version whose type is not that of its artifact's first version.
///
/// It can come about when two stores begin one artifact apart, and are brought together later.
public struct StrayType: Sendable, Hashable, CustomStringConvertible {
    public let version: VersionName
    public let type: ArtifactType
    public let artifactType: ArtifactType

    public var description: String {
        "'\(version)' is of type '\(type)', but '\(version.artifact)' of type '\(artifactType)'"
    }

    /// What to do about it.
    public var hint: String {
        "Get it, put it under another name, then `amphora rm \(version)`; or leave it as it is: "
            + "new versions of '\(version.artifact)' are of type '\(artifactType)'."
    }
}

extension Store {
    /// The versions whose type is not that of their artifact, sorted.
    ///
    /// - Parameter artifact: Whose; `nil` for all.
    /// - Returns: The versions.
    /// - Throws: If refs cannot be read.
    public func strayTypes(of artifact: ArtifactName? = nil) throws -> [StrayType] {
        try withCatalog(artifact.map { .versions(of: $0) } ?? .allVersions) {
            try $0.strayTypes(of: artifact)
        }
    }
}
