public import AmphoraObjects

/// Versions, aliases and runs that a remote has and that cannot be taken from it; all others were.
public struct DamagedInRemote: UserFacingError {
    let remote: String
    private let problems: [RefName: any Error]

    /// Nothing, if nothing is wrong.
    ///
    /// - Parameters:
    ///   - problems: What is wrong with which refs.
    ///   - remote: Whose they are.
    ///   - others: What was found before.
    init?(_ problems: [RefName: any Error], remote: String, besides others: DamagedInRemote? = nil) {
        let problems = problems.merging(others?.problems ?? [:]) { first, _ in first }
        guard !problems.isEmpty else { return nil }
        self.problems = problems
        self.remote = remote
    }

    /// What is wrong, by the names of versions, aliases and runs.
    public var reasons: [String: String] {
        Dictionary(problems.map { ($0.key.title, ErrorReport($0.value).line) }) { first, _ in first }
    }

    public var code: ErrorCode { .corrupt }
    public var message: String {
        "'\(remote)' has \(problems.count == 1 ? "a ref" : "\(problems.count) refs") that cannot be taken from it; "
            + "all else is as it should be"
    }
    public var cause: (any Error)? {
        Faults.chain(reasons.sorted { $0.key < $1.key }.map { "\($0): \($1)" })
    }
    public var hint: String? {
        "Ask who runs the remote to run `git fsck` there; what another clone has can be put in its place."
    }

    var names: Set<RefName> { Set(problems.keys) }
}
