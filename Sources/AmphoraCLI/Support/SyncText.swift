import Amphora
import AmphoraSync

/// What became of versions, aliases and runs, a line each; many of a kind are counted.
enum SyncText {
    private static let limit = 40

    static func lines(_ changes: [SyncedChange], remote: String) -> [String] {
        let isLong = changes.count > limit
        let told = changes.filter { !isLong || $0.kind == .renumbered || $0.kind == .conflict }
        let lines = told.map { change in
            switch change.kind {
            case .new, .changed, .removed, .merged: line(change.kind.rawValue, change.name)
            case .renumbered:
                line(
                    "renumbered",
                    "\(change.name) → \(change.newName ?? "?"), after those of \(remote)")
            case .conflict:
                line(
                    "conflict",
                    "\(change.name): moved here and in \(remote); `amphora alias resolve "
                        + "\(change.name) --ours` or `--theirs` settles it")
            }
        }
        guard isLong else { return lines }
        let counts = Dictionary(grouping: changes, by: { "\($0.kind.rawValue) \(noun($0.name))" })
        return counts.filter { !$0.key.hasPrefix("renumbered") && !$0.key.hasPrefix("conflict") }
            .sorted { $0.key < $1.key }
            .map { key, changes in
                let words = key.split(separator: " ").map(String.init)
                return line(
                    words[0],
                    Format.count(changes.count, words[1], plural: words[1] == "alias" ? "aliases" : nil))
            } + lines
    }

    static func lines(_ pending: [PendingContent]) -> [String] {
        let about = { (byteCount: Int?) in byteCount.map { ", about \(Format.bytes($0))" } ?? "" }
        guard pending.count > limit else {
            return pending.map { line("to fetch", "the files of \($0.name)\(about($0.byteCount))") }
        }
        return Dictionary(grouping: pending, by: { noun($0.name) }).sorted { $0.key < $1.key }.map {
            noun, them in
            let byteCounts = them.compactMap(\.byteCount)
            let sum = byteCounts.isEmpty ? nil : byteCounts.reduce(0, +)
            return line("to fetch", "the files of \(Format.count(them.count, noun))\(about(sum))")
        }
    }

    static func line(_ verb: String, _ rest: String) -> String {
        verb.padding(to: 12) + rest
    }

    private static func noun(_ name: String) -> String {
        if name.hasPrefix("run ") { return "run" }
        return VersionName(parsing: name) == nil ? "alias" : "version"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}

extension TransferSize {
    var json: JSONValue { ["objects": .int(Int64(objectCount)), "bytes": .int(Int64(byteCount))] }
}

extension FetchReport {
    /// Tells of refs that are no store's.
    func tellStrangers(_ output: Output, remote: String) {
        for name in strangeNames { output.notice("left out: what \(remote) has as '\(name)' is none") }
    }

    /// Ends a command with what is wrong in the remote, or with what became of content, telling of both.
    func end(with content: Result<Void, any Error>, _ output: Output) throws {
        if case .failure = content, let damage { output.notice(of: damage) }
        try content.get()
        if let damage { throw damage }
    }
}

extension Output {
    /// Tells of versions whose type is not that of their artifact.
    func tell(_ strayTypes: [StrayType]) {
        for stray in strayTypes { notice("warning: \(stray)") }
        if let first = strayTypes.first { notice("hint: \(first.hint)") }
    }
}
