/// The lasting name of one version: `mnist-raw:v3`.
public struct VersionName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let artifact: ArtifactName
    public let number: VersionNumber

    public init(_ artifact: ArtifactName, _ number: VersionNumber) {
        self.artifact = artifact
        self.number = number
    }

    /// Reads `NAME:vN`.
    ///
    /// - Returns: `nil` for any other text.
    public init?(parsing text: String) {
        guard let reference = try? VersionReference(text), case .number(let number) = reference.selector
        else {
            return nil
        }
        self.init(reference.artifact, number)
    }

    public var description: String { "\(artifact):\(number)" }

    public static func < (lhs: VersionName, rhs: VersionName) -> Bool {
        (lhs.artifact, lhs.number) < (rhs.artifact, rhs.number)
    }
}
