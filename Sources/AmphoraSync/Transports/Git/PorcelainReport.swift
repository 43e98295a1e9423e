import AmphoraObjects

/// Reads what `git push --porcelain` prints: a line a ref, `*<tab>from:to<tab>[new tag]`.
struct PorcelainReport {
    private(set) var outcomes: [RefName: PushOutcome] = [:]
    /// Refs that were not moved because others could not be.
    private var held: [RefName] = []

    /// - Parameters:
    ///   - output: What git printed.
    ///   - messages: What it said besides, where servers give their reasons.
    init(decoding output: [UInt8], messages: [String]) {
        let said = messages.filter { $0.hasPrefix("remote: ") && !$0.hasPrefix("remote: Total ") }
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == 3, let colon = parts[1].lastIndex(of: ":") else { continue }
            let name = RefName(existing: String(parts[1][colon...].dropFirst()))
            guard parts[0] == "!" else {
                outcomes[name] = .done
                continue
            }
            let reason = parts[2].firstIndex(of: "(").map { parts[2][$0...].dropFirst().dropLast() }
            add(name, String(reason ?? parts[2]), said)
        }
        // Those whose fault it was not are told whose it was.
        let culprit = outcomes.first { if case .refused = $0.value { true } else { false } }
        for name in held {
            outcomes[name] = culprit.map { .refused("not sent, since '\($0.key)' was refused") } ?? .stale
        }
    }

    private mutating func add(_ name: RefName, _ reason: String, _ said: [String]) {
        // Nothing has arrived: git says elsewhere why.
        if reason.hasPrefix("unpacker error") { return }
        // Git says the same to who was slower and to who wants a folder where a ref is.
        let taken = said.first { $0.contains("; cannot create '") }
        if reason.hasPrefix("atomic "), taken == nil {
            held.append(name)
        } else if taken == nil, Self.raced.contains(where: { reason.hasPrefix($0) }) {
            outcomes[name] = .stale
        } else {
            let words = said.map { $0.dropFirst("remote: ".count) }.prefix(5)
            outcomes[name] = .refused(([Substring(reason)] + words).joined(separator: "; "))
        }
    }

    /// What git says to who was slower.
    private static let raced = [
        "stale info", "fetch first", "already exists", "failed to update ref", "failed to lock",
        "cannot lock ref",
        "incorrect old value", "reference already exists", "needs force", "remote ref updated since checkout",
    ]
}
