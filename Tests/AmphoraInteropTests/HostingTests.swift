import Foundation
import TestSupport
import Testing

@Suite("Remotes on servers that know nothing of amphora")
struct HostingTests {
    @Test(
        "A store is pushed, cloned light, and its files come when they are needed",
        arguments: GitServer.Kind.available)
    func served(kind: GitServer.Kind) throws {
        let server = try GitServer(kind)
        let url = try server.makeRepository("digits.git")
        let project = try Project()
        let content = randomBytes(count: 5 << 20, seed: 51)
        try project.scratch.write("in/big", content)
        try project.scratch.write("in/small", "1")
        let environment = server.environment
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        try project.amphora("remote", "add", "origin", url)
        try project.amphora("push", environment: environment)
        try project.scratch.write("in/small", "2")
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        server.wire.reset()
        try project.amphora("push", environment: environment)
        #expect(server.wire.sentByteCount < 60_000, "not what is there already: \(server.wire.sentByteCount)")
        server.wire.reset()
        try project.amphora("clone", url, "light", environment: environment)
        #expect(server.wire.receivedByteCount < 60_000, "no files: \(server.wire.receivedByteCount)")
        func light(_ arguments: String...) throws -> ProgramResult {
            try run(Project.program, arguments, in: project.scratch("light"), environment: environment)
        }
        #expect(try light("verify").output.contains("(0 whole, 0 here in part, 2 not here yet)"))
        #expect(try light("verify", "data:v0").status == 15)
        #expect(try light("get", "data:v0", "--to", "out").status == 0)
        #expect(try project.scratch.read("light/out/big") == content)
        #expect(try light("verify", "data:v0").status == 0)
        #expect(try light("gc", "--grace", "0").status == 0)
        #expect(try light("git", "fsck", "--strict", "--no-dangling").status == 0)
        server.stop()
        for words in [["gc", "--prune=now"], ["repack", "-ad"]] {
            #expect(try git(words, in: project.scratch("light/.amphora")) == 0)
            #expect(try light("verify", "data:v0").status == 0, "git keeps what was fetched: \(words)")
        }
        let alone = try light("cat", "data:v1", "small")
        #expect(alone.status == 15, "\(alone.error)")
        #expect(try light("cat", "data:v0", "small").output == "1", "what is here stays without the server")
    }

    private func git(_ arguments: [String], in folder: String) throws -> Int32 {
        try run("git", arguments + ["-q"], in: folder, environment: ["GIT_ALLOW_PROTOCOL": "none"]).status
    }

    @Test("What came from a folder stays when git tidies a light store up")
    func folder() throws {
        let project = try Project()
        try project.scratch.write("in/big", randomBytes(count: 3 << 20, seed: 52))
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        try project.amphora("clone", project.folder, "light")
        func light(_ arguments: String...) throws -> ProgramResult {
            try run(Project.program, arguments, in: project.scratch("light"))
        }
        #expect(try light("get", "data", "--to", "out").status == 0)
        for words in [["gc", "--prune=now"], ["repack", "-ad"]] {
            #expect(try git(words, in: project.scratch("light/.amphora")) == 0)
            #expect(try light("verify", "data:v0").status == 0, "git keeps what was fetched: \(words)")
        }
    }

    @Test("Git tidies up a light store whose own versions share files with those of the remote")
    func ownVersions() throws {
        let project = try Project()
        try project.scratch.write("in/shared", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        try project.amphora("clone", project.folder, "light")
        let script = """
            cd light && amphora get data --to in && echo 2 >in/mine && amphora put in --name mine --type t \
            && git -C .amphora repack -adq && git -C .amphora gc -q --prune=now && amphora verify
            """
        let result = try project.script("export GIT_ALLOW_PROTOCOL=none; \(script)")
        #expect(result.status == 0, "\(result.error)")
        #expect(result.output.contains("Verified 2 versions, 3 files, "))
    }
}
