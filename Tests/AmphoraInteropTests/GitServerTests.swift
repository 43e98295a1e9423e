import Foundation
import TestSupport
import Testing

/// That the servers which other tests use do what real git expects of them.
@Suite("Servers of git repositories")
struct GitServerTests {
    private func check(_ kind: GitServer.Kind) throws {
        let server = try GitServer(kind)
        let url = try server.makeRepository("store.git")
        let scratch = try Scratch()
        func git(_ arguments: String..., in folder: String = "") throws -> ProgramResult {
            try run("git", arguments, in: scratch(folder), environment: server.environment)
        }
        #expect(try git("init", "-q", "-b", "data/latest", "work").status == 0)
        // More than is sent in one piece, by HTTP without a length.
        let content = randomBytes(count: 9 << 20, seed: 41)
        try scratch.write("work/big", content)
        for index in 0..<50 { try scratch.write("work/folder/\(index)", "\(index)") }
        #expect(try git("add", ".", in: "work").status == 0)
        #expect(try git("commit", "-q", "-m", "first", in: "work").status == 0)
        let pushed = try git("push", "--atomic", url, "HEAD:refs/heads/data/latest", in: "work")
        #expect(pushed.status == 0, "\(pushed.error)")
        #expect(server.wire.sentByteCount > content.count)
        server.wire.reset()
        let cloned = try git("clone", "-q", "-b", "data/latest", url, "whole")
        #expect(cloned.status == 0, "\(cloned.error)")
        #expect(try scratch.read("whole/big") == content)
        #expect(server.wire.receivedByteCount > content.count)
        server.wire.reset()
        let light = try git("clone", "-q", "--bare", "--filter=tree:0", url, "light")
        #expect(light.status == 0, "\(light.error)")
        #expect(server.wire.receivedByteCount < 20_000)
        let tree = try git("rev-parse", "HEAD^{tree}", in: "work").output.dropLast()
        let lazy = try git(
            "fetch", "-q", "--filter=blob:none", "--no-write-fetch-head", "origin", String(tree), in: "light")
        #expect(lazy.status == 0, "any object can be asked for: \(lazy.error)")
        // Half of it only, and then nothing.
        server.wire.reset()
        server.wire.fault = .cut(at: 2 << 20)
        #expect(try git("clone", "-q", url, "cut").status != 0)
        server.wire.reset()
        server.wire.fault = .none
        #expect(try git("ls-remote", url).output.contains("refs/heads/data/latest"))
        server.stop()
        #expect(try git("ls-remote", url).status != 0)
    }

    private static func reason(_ kind: GitServer.Kind) -> Comment { Comment(rawValue: kind.reason) }

    @Test(
        "git daemon takes pushes and serves clones, whole and light",
        .enabled(if: GitServer.Kind.daemon.isAvailable, reason(.daemon)))
    func daemon() throws { try check(.daemon) }

    @Test(
        "git http-backend does so behind a web server, for who has the password",
        .enabled(if: GitServer.Kind.http.isAvailable, reason(.http)))
    func http() throws {
        try check(.http)
        let server = try GitServer(.http)
        let refused = try run(
            "git", ["ls-remote", server.makeRepository("a.git")], in: server.folder,
            environment: ["GIT_TERMINAL_PROMPT": "0"])
        #expect(refused.status != 0)
        #expect(refused.error.contains("could not read Username"))
    }

    @Test(
        "sshd does so, for who has the key",
        .enabled(if: GitServer.Kind.ssh.isAvailable, reason(.ssh)))
    func ssh() throws {
        try check(.ssh)
        let (server, other) = (try GitServer(.ssh), try GitServer(.ssh))
        let refused = try run(
            "git", ["ls-remote", server.makeRepository("a.git")], in: server.folder,
            environment: other.environment)
        #expect(refused.status != 0)
    }
}
