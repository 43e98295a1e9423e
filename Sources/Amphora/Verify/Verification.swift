import AmphoraGit
public import AmphoraObjects

/// Something that verifying found wrong.
public struct Damage: Sendable {
    /// What is affected: `mnist-raw:v3`, a run's ID, a ref, a pack, or an object that nothing reaches.
    public let subject: String
    /// The file, if one is affected.
    public let path: ArtifactPath?
    /// What is wrong.
    public let problem: String
    /// Whether an object is missing, not damaged.
    public let isMissing: Bool

    init(subject: String, path: ArtifactPath? = nil, problem: String, isMissing: Bool = false) {
        self.subject = subject
        self.path = path
        self.problem = problem
        self.isMissing = isMissing
    }

    init(subject: String, path: ArtifactPath? = nil, error: any Error) {
        let report = ErrorReport(error)
        let isNamed = error is VersionDamaged || error is RunDamaged
        let chain = [error, (error as? any UserFacingError)?.cause].compactMap { $0 as? any UserFacingError }
        self.init(
            subject: subject, path: path,
            problem: ((isNamed ? [] : [report.message]) + report.causes).joined(separator: ": "),
            isMissing: chain.contains { $0.code == .notFound })
    }
}

/// What verifying looked at, and what it found.
public struct Verification: Sendable {
    public var versionCount = 0
    /// Versions of which a part is here, and a part has to be brought from a remote.
    public var partialVersionCount = 0
    /// Versions of whose files none is here yet.
    public var absentVersionCount = 0
    public var runCount = 0
    /// Files that are here.
    public var fileCount = 0
    /// Objects of the store that were read and hashed.
    public var objectCount = 0
    public var packCount = 0
    /// Bytes of the files' content read; content that versions share is read once.
    public var byteCount = 0
    /// Sorted by what is affected.
    public var damages: [Damage] = []
    /// Objects that are damaged themselves, sorted; not known of a single version.
    public internal(set) var damagedObjects: [ObjectID] = []

    public var isSound: Bool { damages.isEmpty }

    /// Takes in what was found below a version's tree.
    mutating func add(_ content: TreeCheck.Content, of version: Version) {
        fileCount += content.fileCount
        if !content.isWhole {
            if content.fileCount > 0 { partialVersionCount += 1 } else { absentVersionCount += 1 }
        }
        damages += content.problems.map {
            Damage(
                subject: version.description, path: ArtifactPath(unchecked: $0.path), error: $0.cause)
        }
    }

    /// Makes room for looking at all files anew.
    mutating func forgetFiles() {
        damages = []
        fileCount = 0
        partialVersionCount = 0
        absentVersionCount = 0
    }

    /// Turns what goes wrong in `body` into a finding.
    mutating func noting(_ subject: String, _ body: (inout Verification) throws -> Void) {
        do {
            try body(&self)
        } catch {
            damages.append(Damage(subject: subject, error: error))
        }
    }
}

/// A version that was to be checked, and of which not all is here.
struct VersionNotHere: UserFacingError {
    let name: VersionName
    let fileCount: Int
    let total: Int
    var code: ErrorCode { .unavailable }
    var message: String {
        fileCount == 0
            ? "\(name) is not here yet"
            : "\(name) is here in part only: \(fileCount) of \(total) files, which are sound"
    }
    var hint: String? { "`amphora pull \(name)` brings it." }
}
