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
    public var runCount = 0
    public var fileCount = 0
    /// Objects of the store that were read and hashed.
    public var objectCount = 0
    public var packCount = 0
    /// Bytes of the files' content read; content that versions share is read once.
    public var byteCount = 0
    /// Sorted by what is affected.
    public var damages: [Damage] = []

    public var isSound: Bool { damages.isEmpty }

    /// Turns what goes wrong in `body` into a finding.
    mutating func noting(_ subject: String, _ body: (inout Verification) throws -> Void) {
        do {
            try body(&self)
        } catch {
            damages.append(Damage(subject: subject, error: error))
        }
    }
}
