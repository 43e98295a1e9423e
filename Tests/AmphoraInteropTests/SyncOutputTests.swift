import Foundation
import TestSupport
import Testing

/// What commands that exchange something say of it.
@Suite("What sync says")
struct SyncOutputTests {
    static let schemes = ["", "file://"]

    /// A project with two versions that was pushed to `remote.git`.
    private func makeProject(_ scheme: String) throws -> Project {
        let project = try Project()
        try git("init", "-q", "--bare", "remote.git", in: project.folder)
        for key in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
            try git("config", key, "true", in: project.scratch("remote.git"))
        }
        try project.scratch.write("in/big", randomBytes(count: 3_000_000, seed: 1))
        try project.scratch.write("in/a", "12")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset", "--alias", "best")
        try project.scratch.write("in/a", "3")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset")
        try project.amphora("remote", "add", "origin", "\(scheme)\(project.scratch("remote.git"))")
        try project.amphora("push")
        return project
    }

    private func json(_ arguments: String..., in folder: String) throws -> [[String: Any]] {
        let result = try run(Project.program, arguments + ["--json"], in: folder)
        #expect(result.status == 0, "\(arguments): \(result.error)")
        return try result.output.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    private func received(_ object: [String: Any]?) throws -> Int {
        try #require((object?["received"] as? [String: Any])?["bytes"] as? Int)
    }

    @Test("What is said to be received is all of it, with the files", arguments: schemes)
    func received(scheme: String) throws {
        let project = try makeProject(scheme)
        let address = "\(scheme)\(project.scratch("remote.git"))"
        let full = try json("clone", "--full", address, "full", in: project.folder)
        #expect(try received(full.first) > 3_000_000)
        let light = try json("clone", address, "light", in: project.folder)
        #expect(try received(light.first) < 100_000)
        // One that is gone on with.
        let again = try json("clone", "--full", address, "light", in: project.folder)
        #expect(try received(again.first) > 3_000_000)
        _ = try json("clone", address, "other", in: project.folder)
        let pulled = try json("pull", "data:best", in: project.scratch("other"))
        #expect(try received(pulled.first) > 3_000_000)
        #expect(try received(json("pull", "--all", in: project.scratch("other")).first) < 100_000)
    }

    @Test("A trial says whose files would come, and brings none", arguments: schemes)
    func pullTrial(scheme: String) throws {
        let project = try makeProject(scheme)
        try project.amphora("clone", "\(scheme)\(project.scratch("remote.git"))", "light")
        try project.scratch.write("in/a", "new")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset", "--alias", "newest")
        try project.amphora("push")
        let light = project.scratch("light")
        // Versions that are not even here as refs yet.
        for name in ["data", "data:v2", "data:newest"] {
            let pulled = try json("pull", name, "--dry-run", in: light)
            let files = try #require(pulled.first?["to_fetch"] as? [[String: Any]])
            #expect(files.map { $0["name"] as? String } == ["data:v2"])
            #expect(files.first?["bytes"] as? Int == 3_000_003)
        }
        #expect(try git("tag", in: "\(light)/.amphora") == "data/v0\ndata/v1\n")
        let text = try run(Project.program, ["pull", "--all", "--dry-run"], in: light).output
        #expect(text.contains("to fetch    the files of data:v0, about 2.9 MiB\n"), "\(text)")
        #expect(try json("pull", "--dry-run", in: light).first?["to_fetch"] as? [String] == [])
        let lost = try run(Project.program, ["pull", "nothing", "--dry-run"], in: light)
        #expect(lost.status == 10)
        // What is here in part counts in part; what is here not at all.
        _ = try json("pull", "data", in: light)
        let rest = try json("pull", "data", "data:v0", "--dry-run", in: light)
        let files = try #require(rest.first?["to_fetch"] as? [[String: Any]])
        #expect(files.map { $0["name"] as? String } == ["data:v0"])
    }

    @Test("A trial of a push fails as the push does if content is missing", arguments: schemes)
    func pushTrial(scheme: String) throws {
        let project = try makeProject(scheme)
        try project.amphora("clone", "\(scheme)\(project.scratch("remote.git"))", "light")
        let light = project.scratch("light")
        try git("init", "-q", "--bare", "backup.git", in: project.folder)
        _ = try run(
            Project.program, ["remote", "add", "backup", "\(scheme)\(project.scratch("backup.git"))"],
            in: light)
        let trial = try run(Project.program, ["push", "--remote", "backup", "--dry-run"], in: light)
        let push = try run(Project.program, ["push", "--remote", "backup"], in: light)
        // Git names the first object that it misses.
        let said = { (result: ProgramResult) in
            result.error.split(separator: "\n").filter { !$0.contains("object") }
        }
        #expect(trial.status == 15 && said(trial) == said(push), "\(trial.error)\(push.error)")
        #expect(trial.error.contains("the content of 'data:v0' and 1 more is not here"))
        #expect(trial.error.contains("hint: `amphora pull data:v0` brings it"))
        #expect(try git("for-each-ref", in: project.scratch("backup.git")) == "")
        // What the remote has need not be here.
        let other = try run(Project.program, ["alias", "set", "data:v0", "good"], in: light)
        #expect(other.status == 0, "\(other.error)")
        let known = try run(Project.program, ["push", "--dry-run"], in: light)
        #expect(known.status == 0 && known.output == "to push     data:good\n", "\(known)")
        _ = try json("pull", "--all", in: light)
        #expect(try run(Project.program, ["push", "--remote", "backup", "--dry-run"], in: light).status == 0)
        #expect(try run(Project.program, ["push", "--remote", "backup"], in: light).status == 0)
    }

    @Test("Aliases that were moved on both sides show wherever versions are listed")
    func conflicts() throws {
        let project = try makeProject("")
        try project.amphora("clone", project.scratch("remote.git"), "light")
        let light = project.scratch("light")
        try project.amphora("alias", "set", "data:v1", "best")
        try project.scratch.write("in/a", "new")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset")
        try project.amphora("push")
        _ = try json("pull", in: light)
        _ = try json("alias", "set", "data:v2", "best", in: light)
        try project.amphora("alias", "set", "data:v0", "best")
        try project.amphora("push")
        _ = try json("pull", in: light)
        for command in ["ls", "log"] {
            let versions = try json(command, "data", in: light)
            let conflicts = try versions.map { version in
                try #require(version["conflicts"] as? [[String: Any]]).map { $0["version"] as? String }
            }
            #expect(conflicts.contains(["data:v0"]) && conflicts.count == 3)
            #expect(conflicts.count { $0.isEmpty } == 2)
        }
    }
}
