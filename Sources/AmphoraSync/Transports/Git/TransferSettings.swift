import AmphoraObjects

/// The configuration of a transfer repository.
///
/// Git reads the user's and the system's files, too; what stands here comes after them.
struct TransferSettings: Sendable {
    /// The name that the remote has here.
    static let remote = "remote"

    /// Keys and values in order.
    private let entries: [(key: String, value: String)]

    /// - Parameters:
    ///   - url: Where the remote is.
    ///   - name: As the store's configuration names it.
    ///   - listing: The store's own configuration, as `git config --null --list` prints it.
    init(url: String, named name: String, listing: [UInt8]) {
        let own: [(String, String)] = listing.split(separator: 0).compactMap { entry in
            let parts = entry.split(separator: UInt8(ascii: "\n"), maxSplits: 1).map {
                String(decoding: $0, as: UTF8.self)
            }
            guard let key = parts.first.flatMap({ Self.taken($0, ofRemote: name) }) else { return nil }
            // A key without a value is true.
            return (key, parts.count > 1 ? parts[1] : "true")
        }
        entries = own + Self.fixed + [("remote.\(Self.remote).url", url)]
    }

    /// What says how to reach the remote, and nothing of what is kept here.
    private static func taken(_ key: String, ofRemote name: String) -> String? {
        let prefix = "remote.\(name)."
        if key.hasPrefix(prefix) {
            let last = String(key.dropFirst(prefix.count))
            let isTaken = ["proxy", "proxyauthmethod", "uploadpack", "receivepack", "pushurl"].contains(last)
            return isTaken ? "remote.\(remote).\(last)" : nil
        }
        let isTaken =
            ["http.", "credential.", "ssh.", "url.", "protocol."].contains { key.hasPrefix($0) }
            || ["core.sshcommand", "core.askpass", "core.gitproxy"].contains(key)
        return isTaken ? key : nil
    }

    private static let fixed: [(String, String)] = [
        ("core.repositoryFormatVersion", "0"), ("core.bare", "true"), ("core.logAllRefUpdates", "false"),
        // The user's hooks are for their own repositories.
        ("core.hooksPath", "/dev/null"),
        ("gc.auto", "0"), ("maintenance.auto", "false"), ("fetch.writeCommitGraph", "false"),
        // What is sent goes as it is stored: no search for deltas.
        ("core.bigFileThreshold", "64k"), ("pack.window", "0"), ("push.negotiate", "false"),
        ("push.followTags", "false"),
        // Everything comes as a pack, checked.
        ("fetch.unpackLimit", "1"), ("fetch.fsckObjects", "true"), ("fetch.prune", "false"),
        // Not each of the store's refs, which may be thousands.
        ("core.alternateRefsCommand", "true"),
    ]

    /// The file's text.
    var text: String {
        entries.reduce(into: "") { text, entry in
            let (section, rest) = Self.split(entry.key)
            let (subsection, name) = Self.splitLast(rest)
            let header = subsection.map { "\(section) \(Self.quoted($0, isSubsection: true))" } ?? section
            text += "[\(header)]\n\t\(name) = \(Self.quoted(entry.value, isSubsection: false))\n"
        }
    }

    private static func split(_ key: String) -> (Substring, Substring) {
        let dot = key.firstIndex(of: ".") ?? key.endIndex
        return (key[..<dot], key[dot...].dropFirst())
    }

    private static func splitLast(_ rest: Substring) -> (Substring?, Substring) {
        guard let dot = rest.lastIndex(of: ".") else { return (nil, rest) }
        return (rest[..<dot], rest[dot...].dropFirst())
    }

    private static func quoted(_ text: some StringProtocol, isSubsection: Bool) -> String {
        let inner = text.unicodeScalars.reduce(into: "") { inner, scalar in
            switch scalar {
            case "\\", "\"": inner += "\\\(scalar)"
            case "\n" where !isSubsection: inner += "\\n"
            case "\t" where !isSubsection: inner += "\\t"
            default: inner.unicodeScalars.append(scalar)
            }
        }
        return "\"\(inner)\""
    }
}
