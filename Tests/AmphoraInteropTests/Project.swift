import Foundation
import TestSupport

/// A project folder with a store, used by the built `amphora` and the real git.
struct Project {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try amphora("init")
    }

    var folder: String { scratch.path }
    var store: String { scratch(".amphora") }

    /// The program under test.
    static var program: String { "\(productsFolder)/amphora" }

    /// Runs `amphora` in the project's folder, which must succeed, and returns what it prints.
    @discardableResult
    func amphora(_ arguments: String..., environment: [String: String] = [:]) throws -> String {
        let result = try run(Self.program, arguments, in: folder, environment: environment)
        guard result.status == 0 else {
            throw CommandFailed(
                description: "amphora \(arguments.joined(separator: " ")): \(result.status) \(result.error)")
        }
        return result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output
    }

    /// Runs `amphora`, which may fail.
    func attempt(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramResult {
        try run(Self.program, arguments, in: folder, environment: environment)
    }

    /// Runs a shell script in which `amphora` is on the PATH.
    func script(_ text: String) throws -> ProgramResult {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try run(
            "sh", ["-c", text], in: folder, environment: ["PATH": "\(productsFolder):\(path)"])
    }

    /// What `git fsck --strict` finds wrong; objects that nothing refers to are not.
    func fsck() throws -> String {
        let result = try run("git", ["fsck", "--strict", "--no-dangling", "--full"], in: store)
        // A HEAD whose artifact is deleted is a notice.
        let wrong = result.error.split(separator: "\n").filter { !$0.hasPrefix("notice: ") }.joined(
            separator: "\n")
        return result.status == 0 ? wrong : "status \(result.status): \(result.output)\(result.error)"
    }

    /// Makes the first version of an artifact with plain git plumbing alone; `entries` are lines as
    /// `git mktree` reads them.
    func forge(_ entries: String, as name: String) throws {
        let tree = try run("git", ["mktree"], in: store, input: entries)
        let message = """
            \(name)

            Artifact-Format: 1
            Artifact-Name: \(name)
            Artifact-Type: dataset
            Artifact-Files: 1
            Artifact-Size: 1

            """
        let commit = try run(
            "git", ["commit-tree", tree.output.trimmingCharacters(in: .newlines)], in: store, input: message)
        guard tree.status == 0, commit.status == 0 else {
            throw CommandFailed(description: tree.error + commit.error)
        }
        let id = commit.output.trimmingCharacters(in: .newlines)
        try git("update-ref", "refs/tags/\(name)/v0", id, in: store)
        try git("update-ref", "refs/heads/\(name)/latest", id, in: store)
    }

    /// Writes a blob with git and returns its ID.
    func blob(_ text: String) throws -> String {
        try run("git", ["hash-object", "-w", "--stdin"], in: store, input: text).output
            .trimmingCharacters(in: .newlines)
    }
}

/// A command that failed where it must not.
struct CommandFailed: Error, CustomStringConvertible {
    let description: String
}
