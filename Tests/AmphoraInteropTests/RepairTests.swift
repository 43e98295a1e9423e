import Foundation
import TestSupport
import Testing

@Suite("What is damaged here and whole in a remote")
struct RepairTests {
    /// A project that was pushed to `remote.git`, over a folder or by git.
    private func project(_ address: Int) throws -> Project {
        let project = try Project()
        try project.scratch.write("in/big", randomBytes(count: 3_000_000, seed: 1))
        try project.scratch.write("in/small", "small")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset")
        try git("init", "--bare", "-q", "remote.git", in: project.folder)
        let remote = project.scratch("remote.git")
        try project.amphora("remote", "add", "origin", address == 0 ? remote : "file://\(remote)")
        try project.amphora("push")
        return project
    }

    private func damage(_ project: Project, _ script: String) throws {
        let result = try project.script(
            "export GIT_ALLOW_PROTOCOL=none; cd .amphora && chmod -R u+w objects && \(script)")
        #expect(result.status == 0, "\(result.error)")
        let found = try project.attempt("verify")
        #expect(found.status == 13)
    }

    private func expectRepaired(_ project: Project) throws {
        let repaired = try project.attempt("verify", "--repair")
        #expect(repaired.status == 0, "\(repaired.error)\(repaired.output)")
        #expect(repaired.error.contains(" brought anew"))
        #expect(try project.fsck() == "")
        try project.amphora("get", "data", "--to", "out")
        #expect(try project.scratch.read("out/big") == randomBytes(count: 3_000_000, seed: 1))
        #expect(try project.scratch.read("out/small") == Array("small".utf8))
    }

    @Test("A damaged pack", arguments: [0, 1])
    func pack(address: Int) throws {
        let project = try project(address)
        try damage(
            project,
            """
            pack=$(ls -S objects/pack/*.pack | head -1)
            printf damaged | dd of=$pack bs=1 seek=1000000 conv=notrunc 2>/dev/null
            """)
        let missed = try project.attempt("get", "data")
        #expect(missed.status == 13 && missed.error.contains("`amphora verify --repair`"))
        try expectRepaired(project)
    }

    @Test("Loose objects of all kinds", arguments: [0, 1])
    func loose(address: Int) throws {
        let project = try project(address)
        try damage(
            project,
            """
            mkdir ../packs && mv objects/pack/* ../packs && for pack in ../packs/*.pack; do git unpack-objects -q < $pack; done
            chmod -R u+w objects
            for id in $(git rev-parse data/v0 data/v0^{tree} data/v0:small data/v0:big/.amphora); do
                echo damaged > objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)
            done
            """)
        try expectRepaired(project)
    }

    @Test("What no remote has stays as it is, and is said")
    func nowhere() throws {
        let project = try project(0)
        try project.scratch.write("in/small", "not pushed")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset")
        try damage(
            project,
            "id=$(git rev-parse data/v1:small) && echo x > objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)"
        )
        let result = try project.attempt("verify", "--repair")
        #expect(result.status == 13 && result.error.contains("0 of 1 damaged object brought anew"))
        #expect(result.output.contains("data:v1: small: object "))
        #expect(try project.attempt("verify", "data", "--repair").status == 64)
    }

    @Test("What is missing in a store that is whole comes by pull")
    func missing() throws {
        let project = try project(0)
        let removed = try project.script(
            """
            export GIT_ALLOW_PROTOCOL=none
            cd .amphora && mkdir ../packs && mv objects/pack/* ../packs
            for pack in ../packs/*.pack; do git unpack-objects -q < $pack; done
            id=$(git rev-parse data/v0:small) && rm -f objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)
            """)
        #expect(removed.status == 0, "\(removed.error)")
        let missed = try project.attempt("get", "data")
        #expect(missed.status == 13 && missed.error.contains("`amphora pull data:v0`"))
        try project.amphora("pull", "data:v0")
        #expect(try project.amphora("verify").hasSuffix("no damage"))
    }
}
