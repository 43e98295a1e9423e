import Foundation
import TestSupport

/// A list of shell commands and what they print, run in a folder of their own.
///
/// Lines that begin with `$ ` are commands, each with the output behind it: standard output and standard
/// error as they come, then `[status N]` unless it is 0. Lines that begin with `# ` are headings.
struct Transcript {
    private let lines: [Substring]

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// What the transcript reads when its commands are run now.
    func played() throws -> String {
        let scratch = try Scratch()
        var player = Player(scratch: scratch)
        var text = ""
        for line in lines {
            if line.hasPrefix("$ ") {
                text += "\(line)\n\(try player.run(String(line.dropFirst(2))))"
            } else if line.hasPrefix("# ") {
                text += (text.isEmpty ? "" : "\n") + "\(line)\n"
            }
        }
        return text
    }

    /// Runs one command after another and makes what varies between runs the same.
    private struct Player {
        let scratch: Scratch
        private var minutes = 0
        /// Run IDs and names in the order in which they were first seen.
        private var ids: [String] = []
        private var names: [String] = []

        init(scratch: Scratch) { self.scratch = scratch }

        mutating func run(_ command: String) throws -> String {
            // Each command is a minute later than the one before, so that runs have an order.
            minutes += 1
            let date =
                "2001-02-03T\(4 + minutes / 60 < 10 ? "0" : "")\(4 + minutes / 60):"
                + "\(minutes % 60 < 10 ? "0" : "")\(minutes % 60):06Z"
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let result = try TestSupport.run(
                "bash", ["-c", "{ \(command)\n} 2>&1"], in: scratch.path,
                environment: [
                    "PATH": "\(productsFolder):\(path)", "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date,
                ])
            var text = try normalized(result.output + result.error)
            if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
            return result.status == 0 ? text : "\(text)[status \(result.status)]\n"
        }

        private mutating func normalized(_ output: String) throws -> String {
            var text = output.replacing(scratch.path, with: "<HERE>")
            if let folder = scratch.path.split(separator: "/").last {
                text = text.replacing(folder, with: "<PROJECT>")
            }
            try learn()
            for (index, id) in ids.enumerated() { text = text.replacing(id, with: "<RUN\(index + 1)>") }
            for (index, name) in names.enumerated() {
                text = text.replacing(name, with: "<NAME\(index + 1)>")
            }
            // Drawn names differ in length, and with them the columns of a table; trees are indented.
            if text.contains("<NAME") { text = text.replacing(/(\S)\ {2,}(?=[^└├│\ ])/) { "\($0.1)  " } }
            text = text.replacing(/"host":"[^"]*"/, with: "\"host\":\"<HOST>\"")
                .replacing(/"pid":[0-9]+/, with: "\"pid\":<PID>").replacing(
                    /"user":"[^"]*"/, with: "\"user\":\"<USER>\"")
            text = text.replacing(/\ by \S+ on \S+/, with: " by <USER> on <HOST>")
            text = text.replacing(/[0-9a-f]{64}/, with: "<SHA256>").replacing(/[0-9a-f]{40}/, with: "<ID>")
            // Abbreviated IDs stand in columns: the width stays.
            text = text.replacing(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{10}\b/, with: "<DIGEST>  ")
            text = text.replacing(/\ in [0-9.,]+ (ms|s|min)/, with: " in <TIME>")
            return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                String(line.reversed().drop { $0 == " " }.reversed())
            }.joined(separator: "\n")
        }

        /// Looks up the runs that there are now, as plain git shows them.
        private mutating func learn() throws {
            for store in ["project/.amphora", ".amphora"] where scratch.exists(store) {
                let refs = try git(
                    "for-each-ref", "--sort=committerdate", "--format=%(refname)", "refs/notes/runs",
                    in: scratch(store))
                for ref in refs.split(separator: "\n").map(String.init) {
                    let id = String(ref.suffix(8))
                    guard !ids.contains(id) else { continue }
                    ids.append(id)
                    let record = try git("show", "\(ref):run.json", in: scratch(store))
                    // Names that were drawn vary, those that were given do not.
                    if let name = record.firstMatch(of: /"name": "([a-z]+-[a-z]+-\d+)"/)?.1 {
                        names.append(String(name))
                    }
                }
            }
        }
    }
}
