import Amphora
import Subprocess

/// The state of the code in the current folder, as git tells it.
enum CodeState {
    /// `commit`, `remote` and `dirty`; empty outside a git repository or without git.
    static func current() async -> [String: JSONValue] {
        guard let commit = await git("rev-parse", "HEAD") else { return [:] }
        var state: [String: JSONValue] = ["commit": .string(commit)]
        if let remote = await git("config", "--get", "remote.origin.url") {
            state["remote"] = .string(withoutPassword(remote))
        }
        if let changes = await git("status", "--porcelain", "--untracked-files=no") {
            state["dirty"] = .bool(!changes.isEmpty)
        }
        return state
    }

    /// The URL without user, password and query: run records are pushed and shared.
    private static func withoutPassword(_ remote: String) -> String {
        remote.replacing(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^\/]*@/) { $0.1 }.replacing(/\?.*$/) { _ in "" }
    }

    /// What git prints, or `nil` if it fails.
    private static func git(_ arguments: String...) async -> String? {
        let result = try? await run(
            .name("git"), arguments: Arguments(arguments), input: .none, output: .string(limit: 1 << 20),
            error: .discarded)
        guard let result, result.terminationStatus.isSuccess else { return nil }
        let text = result.standardOutput
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
