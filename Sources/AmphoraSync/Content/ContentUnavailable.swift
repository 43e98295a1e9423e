public import Amphora
public import AmphoraObjects

/// Content that is not here yet, and that no remote sent.
public struct ContentUnavailable: UserFacingError {
    struct Failure {
        let owner: ContentNeed.Owner
        let remote: String
        let error: any Error
    }

    /// Whose content; one at least.
    public let owners: [ContentNeed.Owner]
    /// Remotes that had it when they were last seen.
    public let knownRemotes: [String]
    /// What came all the same.
    public let fetched: [FetchedContent]
    /// What went wrong for each owner with each of the remotes.
    let failures: [Failure]
    let isOffline: Bool

    public var code: ErrorCode { .unavailable }

    public var message: String {
        let more = owners.count > 1 ? " and \(owners.count - 1) more" : ""
        return "the content of \(owners[0])\(more) is not here yet"
    }

    public var cause: (any Error)? {
        let reasons = owners.map { owner in
            failures.filter { $0.owner == owner }.map { "\($0.remote): \(ErrorReport($0.error).line)" }
                .joined(separator: "; ")
        }
        let isOne = Set(reasons).count == 1
        return Faults.chain(
            isOne ? reasons.prefix(1).filter { !$0.isEmpty } : zip(owners, reasons).map { "\($0): \($1)" })
    }

    public var hint: String? {
        if isOffline {
            guard !knownRemotes.isEmpty else {
                return "No remote is known to have it; with a network, `amphora fetch` looks again."
            }
            return "It is on \(knownRemotes.joined(separator: ", ")): run \(command), without `--offline`."
        }
        if failures.isEmpty {
            return "Name a store that has it with `amphora remote add`, then run \(command)."
        }
        if failures.allSatisfy({ $0.error is NotOnRemote }) {
            return "No remote has all of it. Whoever logged it can `amphora push` it."
        }
        let errors = failures.compactMap { $0.error as? any UserFacingError }
        let isOne = Set(errors.map(\.hint)).count == 1
        return (isOne ? errors.first : errors.first { $0.code == .corrupt })?.hint
            ?? "Run \(command) when a remote can be reached: what has come is kept."
    }

    private var command: String {
        guard case .version(let name) = owners[0] else { return "this command again" }
        return "this command again, or `amphora pull \(name)`"
    }
}
