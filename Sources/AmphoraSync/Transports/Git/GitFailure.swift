import AmphoraObjects

/// Why git could not reach a remote, or do there what it was asked to.
struct GitFailure: UserFacingError {
    /// The remote's address, without a password.
    let address: String
    let reason: GitFailureReason
    /// What git said.
    let messages: [String]

    var code: ErrorCode {
        switch reason {
        case .noRepository, .contentMissing: .notFound
        case .damaged, .damagedThere: .corrupt
        default: .unavailable
        }
    }

    var message: String {
        switch reason {
        case .noHost: "cannot find the host of '\(address)'"
        case .unreachable: "cannot reach '\(address)'"
        case .brokenOff: "the connection to '\(address)' broke off"
        case .login: "'\(address)' does not let us in"
        case .hostKey: "the host of '\(address)' is not the one that ssh knows, or ssh does not know it"
        case .certificate: "the certificate of '\(address)' is not to be trusted"
        case .noRepository: "there is no repository at '\(address)', or it is not shown to us"
        case .ownership: "the repository at '\(address)' belongs to another user"
        case .diskFull: "this disk is full"
        case .remoteDiskFull: "the disk of '\(address)' is full"
        case .otherHash: "the repository at '\(address)' does not name its objects by SHA-1"
        case .otherKind: "the repository at '\(address)' is of a kind that the git there does not know"
        case .damagedThere: "the repository at '\(address)' is damaged"
        case .notReadable: "'\(address)' does not let us read"
        case .notWritable: "'\(address)' does not let us write"
        case .damaged: "'\(address)' sent what is damaged or must not be: nothing of it was kept"
        case .rejected: "'\(address)' does not take what was sent"
        case .contentMissing: "cannot send to '\(address)' what is not here"
        case .unknown: "git failed on '\(address)'"
        }
    }

    var hint: String? {
        switch reason {
        case .noHost: "Check the address, and whether this machine is online."
        case .unreachable: "Check the address, and whether the host is up."
        case .brokenOff:
            "Run the command again: it goes on with what is missing. If it ends so each time, `git fsck` there tells more."
        case .login:
            "Check who you are there: `git ls-remote ADDRESS` asks and tells more. Tokens belong into a credential "
                + "helper, keys into ssh-agent."
        case .hostKey: "Connect once with `ssh HOST` and compare the key's fingerprint."
        case .certificate: "Ask who runs the host; git's setting http.sslCAInfo names certificates to trust."
        case .noRepository: "Check the address, or make a repository there with `git init --bare`."
        case .ownership: "If you trust it: git config --global --add safe.directory PATH"
        case .diskFull: "Free some space; nothing that was stored before is affected."
        case .remoteDiskFull: "Free some space there, then run the command again."
        case .otherHash:
            "A store does: make another repository there with `git init --bare --object-format=sha1`."
        case .otherKind:
            "Update git there, or use another repository, such as one that `git init --bare` makes."
        case .notReadable: "Ask its owner for the right to read."
        case .notWritable: "Ask its owner for the right to write."
        case .damaged, .damagedThere: "Ask who runs the remote to run `git fsck` there."
        case .contentMissing: "Get it first, from a remote that has it."
        case .rejected, .unknown: nil
        }
    }

    var cause: (any Error)? {
        let lines = GitFailureReason.meaningful(messages)
        return lines.isEmpty ? nil : Said(message: lines.joined(separator: "; "))
    }

    /// The words of git, or of a server.
    struct Said: UserFacingError {
        let message: String
        var code: ErrorCode { .unavailable }
    }
}
