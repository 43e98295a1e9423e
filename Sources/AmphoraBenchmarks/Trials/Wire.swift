import FoundationEssentials
import SystemPackage

/// Counts the bytes that git sends and receives.
///
/// Git is told that the remote is on another machine. What stands for ssh runs the other side on this one, between
/// two programs that say how much they have copied.
struct Wire {
    /// For its own use.
    let folder: String

    /// What git and scripts are to know.
    var variables: [String: String] {
        [
            "WIRE": "ssh://counted", "COUNTS": counts, "GIT_SSH_COMMAND": "sh '\(program)'",
            "GIT_SSH_VARIANT": "ssh",
        ]
    }

    private var counts: String { "\(folder)/counts" }
    private var program: String { "\(folder)/ssh" }

    /// The last argument is what is to be run there.
    private static let script = """
        for command; do :; done
        dd bs=65536 2>"$COUNTS/$$.sent" | sh -c "$command" | dd bs=65536 2>"$COUNTS/$$.received"

        """

    func prepare() throws {
        try FileManager.default.createDirectory(atPath: counts, withIntermediateDirectories: true)
        try FileDescriptor.writing(program) { _ = try $0.writeAll(Self.script.utf8) }
    }

    /// What has gone by, both ways, since this was last asked.
    func takeByteCount() throws -> Int {
        let script = "cat counts/* </dev/null | sed -n 's/^\\([0-9]*\\) bytes .*/\\1/p' && rm -f counts/*"
        let lines = try Shell(folder: folder, variables: [:]).run(script).output.split(separator: "\n")
        return lines.reduce(0) { $0 + (Int($1) ?? 0) }
    }
}
