/// The full name of a git ref, built from names that are already checked.
public struct RefName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// Takes a name that git has listed.
    package init(existing name: String) { rawValue = name }

    /// The name as git writes it into files.
    package var bytes: [UInt8] { Array(rawValue.utf8) }

    /// `refs/tags/<name>/v<N>`: a version, never moved.
    public static func version(_ name: VersionName) -> RefName {
        RefName(existing: "\(versions(of: name.artifact))\(name.number)")
    }

    /// `refs/heads/<name>/<alias>`.
    public static func alias(_ alias: Alias, of artifact: ArtifactName) -> RefName {
        RefName(existing: "\(aliases(of: artifact))\(alias)")
    }

    /// `refs/notes/runs/<id>`.
    public static func run(_ id: RunID) -> RefName { RefName(existing: "\(runs)\(id)") }

    /// Holds the root commit, which is the same in every store.
    public static let root = RefName(existing: "refs/amphora/root")

    /// The prefix of all version tags.
    package static let versions = "refs/tags/"
    /// The prefix of all aliases.
    package static let aliases = "refs/heads/"
    /// The prefix of all runs.
    package static let runs = "refs/notes/runs/"

    /// The prefix of what remotes have where an alias was moved here and there: `<remote>/<name>/<alias>`.
    package static let conflicts = "refs/amphora/conflicts/"
    /// The prefix of what this store and its remotes last agreed on: `<remote>/heads/<name>/<alias>`, for example.
    package static let synced = "refs/amphora/synced/"

    /// The prefix of one artifact's version tags.
    package static func versions(of artifact: ArtifactName) -> String { "\(versions)\(artifact)/" }

    /// The prefix of one artifact's aliases.
    package static func aliases(of artifact: ArtifactName) -> String { "\(aliases)\(artifact)/" }

    /// The version that a tag stands for, or `nil` if this is another ref.
    package var version: VersionName? {
        // The largest number has none after it, so no version has it: a tag of somebody else's.
        guard let (artifact, last) = split(after: Self.versions), let number = VersionNumber(parsing: last),
            number.rawValue < Int.max
        else { return nil }
        return VersionName(artifact, number)
    }

    /// The artifact and alias that a branch stands for, or `nil` if this is another ref.
    package var alias: (artifact: ArtifactName, alias: Alias)? {
        guard let (artifact, last) = split(after: Self.aliases), let alias = try? Alias(last) else {
            return nil
        }
        return (artifact, alias)
    }

    /// The run that a notes ref stands for, or `nil` if this is another ref.
    package var run: RunID? {
        guard rawValue.hasPrefix(Self.runs) else { return nil }
        return try? RunID(String(rawValue.dropFirst(Self.runs.count)))
    }

    private func split(after prefix: String) -> (ArtifactName, String)? {
        guard rawValue.hasPrefix(prefix) else { return nil }
        let parts = rawValue.dropFirst(prefix.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let artifact = try? ArtifactName(String(parts[0])) else { return nil }
        return (artifact, String(parts[1]))
    }

    public var description: String { rawValue }

    public static func < (lhs: RefName, rhs: RefName) -> Bool { lhs.rawValue < rhs.rawValue }
}
