/// What kind of failure git's words tell of.
enum GitFailureReason: Equatable {
    case noHost, unreachable, brokenOff, login, hostKey, certificate, noRepository, ownership, diskFull
    case remoteDiskFull, otherHash, otherKind, damagedThere, notReadable, notWritable, damaged, rejected,
        contentMissing, unknown

    /// By the words of git, curl, ssh and servers; the first that fits.
    ///
    /// - Parameters:
    ///   - messages: What they said.
    ///   - isPush: Whether something was to be sent to the remote.
    init(_ messages: [String], isPush: Bool = false) {
        // A server may warn of what does not matter to us.
        let text = messages.filter { !$0.contains("warning: ") }.joined(separator: "\n").lowercased()
        if let line = messages.first(where: { $0.contains("No space left on device") }) {
            self = line.hasPrefix("remote: ") ? .remoteDiskFull : .diskFull
            return
        }
        if isPush, messages.contains(where: Self.lacksContent) {
            self = .contentMissing
            return
        }
        let reason = Self.phrases.first { $0.phrases.contains { text.contains($0) } }?.reason ?? .unknown
        self =
            switch reason {
            case .damaged where isPush: .rejected
            case .notReadable where isPush: .notWritable
            default: reason
            }
    }

    /// Whether git, here, did not find what it was to send.
    private static func lacksContent(_ message: String) -> Bool {
        !message.hasPrefix("remote: ")
            && ["bad tree object", "bad object", "unable to read", "Could not read", "missing blob"].contains
            {
                message.contains($0)
            } && !message.contains("Could not read from remote")
    }

    private static let phrases: [(reason: GitFailureReason, phrases: [String])] = [
        (.otherHash, ["mismatched algorithms", "hash algorithm"]),
        (.otherKind, ["expected git repo version", "unknown repository extension"]),
        (.damagedThere, ["packed-refs", "in file ./config"]),
        (.ownership, ["dubious ownership", "unsafe repository"]),
        (
            .hostKey,
            [
                "host key verification failed", "remote host identification has changed",
                "no matching host key",
            ]
        ),
        (
            .certificate,
            ["certificate", "ssl connect error", "gnutls_handshake", "ssl routines", "ssl peer"]
        ),
        (
            .noHost,
            [
                "could not resolve", "name or service not known", "unable to look up",
                "temporary failure in name resolution", "no address associated",
            ]
        ),
        (
            .unreachable,
            [
                "connection refused", "failed to connect", "couldn't connect", "unable to connect",
                "connection timed out", "operation timed out", "no route to host", "network is unreachable",
            ]
        ),
        (
            .login,
            [
                "permission denied (", "permission denied, please try again", "authentication failed",
                "could not read username", "could not read password", "terminal prompts disabled",
                "returned error: 401", "returned error: 403", "too many authentication failures",
                "invalid username or password",
            ]
        ),
        (
            .noRepository,
            [
                "does not appear to be a git repository", "repository not found", "not exported",
                "returned error: 404", "not a git repository", "no such repository", "' not found",
                "not valid: is this a git repository", "could not be found",
            ]
        ),
        (
            .damaged,
            [
                "fsck error", "sha1 collision", "pack signature mismatch", "unresolved delta",
                "inflate returned", "remote did not send all necessary objects",
                "did not receive expected object", "serious inflate", "unknown object type",
                "packed object", "bad object", "corrupt",
            ]
        ),
        (
            // Then they hang up.
            .notReadable,
            ["permission denied", "insufficient permission", "read-only file system", "not enabled"]
        ),
        (
            .brokenOff,
            [
                "early eof", "hung up", "unexpected disconnect", "connection reset", "connection closed",
                "broken pipe", "rpc failed", "recv failure", "empty reply", "premature end",
                "returned error: 5", "unexpected eof", "curl 18", "curl 56", "curl 92",
                "expected flush after",
            ]
        ),
        (
            .damaged,
            [
                "index-pack failed", "invalid index-pack output", "protocol error", "bad pack header",
                "invalid server response",
            ]
        ),
        (.unreachable, ["could not read from remote repository"]),
    ]

    /// The last lines that say something, without what git writes around them.
    static func meaningful(_ messages: [String]) -> [String] {
        let idle = [
            "Please make sure you have", "and the repository exists", "fatal: Could not read from remote",
            "hint: ", "To add an exception", "\tgit config", "remote: Total ", "error: failed to push",
            "warning: ", "Total ", "send-pack: unexpected disconnect", "fatal: the remote end hung up",
        ]
        let lines = messages.filter { line in !idle.contains { line.hasPrefix($0) } }.map { line in
            ["fatal: ", "error: "].first { line.hasPrefix($0) }.map { String(line.dropFirst($0.count)) }
                ?? line
        }
        return Array((lines.isEmpty ? messages : lines).suffix(3))
    }
}
