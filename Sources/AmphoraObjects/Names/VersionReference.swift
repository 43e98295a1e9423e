/// What a user writes to mean one version: `NAME`, `NAME:ALIAS` or `NAME:vN`.
public struct VersionReference: Hashable, Sendable, CustomStringConvertible {
    /// How the version is chosen among those of its artifact.
    public enum Selector: Hashable, Sendable {
        case alias(Alias)
        case number(VersionNumber)
    }

    public let artifact: ArtifactName
    public let selector: Selector

    public init(_ artifact: ArtifactName, _ selector: Selector) {
        self.artifact = artifact
        self.selector = selector
    }

    /// Reads what a user wrote; no alias means `latest`.
    ///
    /// - Throws: ``InvalidName`` for the part that breaks a rule.
    public init(_ text: String) throws(InvalidName) {
        guard let colon = text.firstIndex(of: ":") else {
            self.init(try ArtifactName(text), .alias(.latest))
            return
        }
        let name = try ArtifactName(String(text[..<colon]))
        let rest = String(text[text.index(after: colon)...])
        if let number = VersionNumber(parsing: rest) {
            self.init(name, .number(number))
        } else {
            self.init(name, .alias(try Alias(rest)))
        }
    }

    public var description: String {
        switch selector {
        case .alias(let alias): "\(artifact):\(alias)"
        case .number(let number): "\(artifact):\(number)"
        }
    }
}
