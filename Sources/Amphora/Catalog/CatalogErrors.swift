public import AmphoraObjects
import AmphoraStore

/// A version, artifact or run that the store does not have.
public struct NotInStore: UserFacingError {
    let what: String
    public let hint: String?
    /// Names that are like the one that was asked for, the nearest first.
    public var near: [String] = []
    public var code: ErrorCode { .notFound }
    public var message: String { "there is no \(what)" }
}

/// A version that was deleted.
struct VersionDeleted: UserFacingError {
    let tombstone: Tombstone
    var code: ErrorCode { .notFound }
    var message: String { "\(tombstone.name) was deleted by \(tombstone.signature.person)" }
    var hint: String? { "`amphora log \(tombstone.name.artifact)` lists its versions, and what was deleted." }
}

/// An alias that points at something that is no version of its artifact.
struct AliasAstray: UserFacingError {
    let reference: VersionReference
    let target: ObjectID
    var code: ErrorCode { .corrupt }
    var message: String {
        "the alias '\(reference)' points at \(target), which is no version of '\(reference.artifact)'"
    }
    var hint: String? { "Point it at a version again with `amphora alias set VERSION ALIAS`." }
}

/// A version whose objects are damaged or missing.
public struct VersionDamaged: UserFacingError {
    public let name: VersionName
    /// The file that is affected, if it is known.
    public let path: ArtifactPath?
    public let cause: (any Error)?

    /// As the cause says, but what is missing, or forbidden in a tree, is damage too.
    public var code: ErrorCode {
        let code = (cause as? any UserFacingError)?.code ?? .corrupt
        return code == .notFound || code == .invalidArgument ? .corrupt : code
    }
    public var message: String {
        path.map { "cannot read '\($0)' of \(name)" } ?? "cannot read \(name)"
    }
    public var hint: String? {
        guard code == .corrupt else { return nil }
        let isMissing = (cause as? any UserFacingError)?.code == .notFound
        return "`amphora verify` lists all that is affected, and "
            + (isMissing ? "`amphora pull \(name)`" : "`amphora verify --repair`")
            + " brings it anew if a remote has it; or put the original again."
    }
}

extension Store {
    /// The error for a version that is not there, with what there is instead.
    func notFound(_ reference: VersionReference) throws -> NotInStore {
        let artifact = reference.artifact
        let (known, deleted) = try withCatalog(.versions(of: artifact)) { catalog in
            (try catalog.numbers(of: artifact), try catalog.tombstones(of: artifact).map(\.name.number))
        }
        guard !known.isEmpty else {
            let names = try artifactNames().map(\.rawValue)
            return NotInStore(
                what: "artifact '\(artifact)'", hint: Similarity.hint(for: artifact.rawValue, among: names),
                near: Similarity.near(artifact.rawValue, among: names))
        }
        let numbers = known.filter { !deleted.contains($0) }
        guard !numbers.isEmpty else {
            return NotInStore(
                what: "version '\(reference)'",
                hint: "All versions of '\(artifact)' were deleted: `amphora log \(artifact)` says by whom.")
        }
        let aliases = try aliases(of: artifact).map(\.alias.rawValue)
        let others = aliases.count > 8 ? " and \(aliases.count - 8) more" : ""
        let aliasText =
            aliases.isEmpty
            ? "no aliases" : "the aliases \(aliases.prefix(8).joined(separator: ", "))\(others)"
        let versions =
            numbers.count > 8
            ? "\(numbers[0]) to \(numbers[numbers.count - 1])"
            : numbers.map(\.description).joined(separator: ", ")
        return NotInStore(
            what: "version '\(reference)'",
            hint:
                "'\(artifact)' has the versions \(versions) and \(aliasText)."
        )
    }
}
