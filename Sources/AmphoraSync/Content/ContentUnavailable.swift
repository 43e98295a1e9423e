public import Amphora
public import AmphoraObjects

/// Content that is not here yet, and that no remote sent.
public struct ContentUnavailable: UserFacingError {
    typealias Failure = (remote: String, error: any Error)

    /// Whose content; one at least.
    public let owners: [ContentNeed.Owner]
    /// Remotes that had it when they were last seen.
    public let knownRemotes: [String]
    let failures: [Failure]
    let isOffline: Bool

    public var code: ErrorCode { .unavailable }

    public var message: String {
        let more = owners.count > 1 ? " and \(owners.count - 1) more" : ""
        return "the content of \(owners[0])\(more) is not here yet"
    }

    public var cause: (any Error)? { failures.isEmpty ? nil : RemoteFailures(failures: failures) }

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
        return (failures.count == 1 ? (failures[0].error as? any UserFacingError)?.hint : nil)
            ?? "Run \(command) when a remote can be reached: what has come is kept."
    }

    private var command: String {
        guard case .version(let name) = owners[0] else { return "this command again" }
        return "this command again, or `amphora pull \(name)`"
    }
}

/// What went wrong with each of the remotes.
private struct RemoteFailures: UserFacingError {
    let failures: [ContentUnavailable.Failure]
    var code: ErrorCode { .unavailable }
    var message: String {
        failures.map { remote, error in
            let report = ErrorReport(error)
            return "\(remote): \(([report.message] + report.causes).joined(separator: ": "))"
        }.joined(separator: "; ")
    }
}
