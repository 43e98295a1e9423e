import Foundation
import TestSupport
import Testing

/// Content that comes when it is needed, by the built program, over a folder and by git.
@Suite("Content of a light clone")
struct LazyContentTests {
    /// A project with versions, and a light clone of it in `light`.
    private struct Subject {
        let project: Project
        let big = randomBytes(count: 3_000_000, seed: 1)
        private var light: String { project.scratch("light") }

        init(address: (Project) -> String) throws {
            project = try Project()
            try project.scratch.write("in/big", big)
            try project.scratch.write("in/a", "12")
            try project.scratch.write("in/b/c", "345")
            try project.amphora("put", "in", "--name", "data", "--type", "dataset")
            try project.scratch.write("in/big", [9] + big)
            try project.amphora("put", "in", "--name", "data", "--type", "dataset", "--alias", "best")
            try project.amphora("clone", address(project), "light")
        }

        func attempt(_ arguments: String...) throws -> ProgramResult {
            try run(Project.program, arguments, in: light)
        }

        func json(_ arguments: String...) throws -> [[String: Any]] {
            let result = try run(Project.program, arguments + ["--json"], in: light)
            #expect(result.status == 0, "\(arguments): \(result.error)")
            return try result.output.split(separator: "\n").compactMap {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
        }

        /// How many bytes the clone's packs and loose objects have.
        func byteCount() throws -> Int {
            let facts = try git("count-objects", "-v", in: "\(light)/.amphora").split(separator: "\n")
            return facts.reduce(0) { sum, line in
                let words = line.split(separator: ": ")
                return sum + (["size", "size-pack"].contains(words[0]) ? Int(words[1]) ?? 0 : 0) << 10
            }
        }

        func read(_ name: String) throws -> [UInt8] { try project.scratch.read("light/\(name)") }
    }

    static let addresses: [@Sendable (Project) -> String] = [{ $0.folder }, { "file://\($0.store)" }]

    @Test("It is missed offline, comes when it is needed, only as far as it is, and once", arguments: [0, 1])
    func story(address: Int) throws {
        let subject = try Subject(address: Self.addresses[address])
        let missed = try subject.attempt("get", "data:v0", "--offline")
        #expect(missed.status == 15)
        #expect(
            missed.error == """
                error: the content of 'data:v0' is not here yet
                hint: It is on origin: run this command again, or `amphora pull data:v0`, without `--offline`.

                """)
        // The listing needs trees and markers, no files.
        let light = try subject.byteCount()
        let listed = try subject.json("files", "data:v0")
        #expect(listed.map { $0["path"] as? String } == ["a", "b/c", "big"])
        #expect(listed.map { $0["size"] as? Int } == [nil, nil, 3_000_000])
        #expect(listed.allSatisfy { $0["here"] as? Bool == false })
        #expect(try subject.byteCount() - light < 64 << 10)
        let one = try subject.attempt("get", "data:v0", "--path", "b", "--to", "out")
        #expect(one.status == 0, "\(one.error)")
        #expect(one.error.contains("fetched ") && one.error.contains(" from origin"))
        #expect(try subject.read("out/b/c") == Array("345".utf8))
        #expect(try subject.byteCount() - light < 64 << 10)
        #expect(try subject.attempt("get", "data:v0", "--to", "out", "--quiet").error == "")
        #expect(try subject.read("out/big") == subject.big)
        // Of the next version only the first chunk is new.
        let first = try subject.byteCount()
        #expect(try subject.attempt("cat", "data:best", "big").output.utf8.count > 0)
        #expect(try subject.byteCount() - first < 512 << 10)
        #expect(try subject.attempt("get", "data:v0", "--offline").status == 0)
        #expect(try subject.json("files", "data:v0").allSatisfy { $0["here"] as? Bool == true })
        #expect(try subject.attempt("get", "data:best", "--offline", "--to", "out").status == 0)
        #expect(try subject.read("out/big") == [9] + subject.big)
        #expect(try subject.attempt("verify").status == 0)
    }

    @Test("A version based on one that is not here brings what it needs to count", arguments: [0, 1])
    func base(address: Int) throws {
        let subject = try Subject(address: Self.addresses[address])
        try subject.project.scratch.write("light/a", "new")
        let arguments = [
            "put", "a", "--name", "data", "--type", "dataset", "--base", "data:v0", "--remove", "b",
        ]
        let offline = try run(
            Project.program, arguments + ["--offline"], in: subject.project.scratch("light"))
        #expect(offline.status == 15)
        let put = try run(Project.program, arguments + ["--json"], in: subject.project.scratch("light"))
        #expect(put.status == 0, "\(put.error)")
        #expect(put.output.contains("\"size\":3000003"))
        #expect(try subject.json("files", "data").map { $0["here"] as? Bool } == [true, false])
    }

    @Test("A get that is killed while content comes is gone on with", arguments: [0, 1])
    func killed(address: Int) throws {
        let subject = try Subject(address: Self.addresses[address])
        let script = """
            cd light
            for delay in 0.02 0.05 0.1 0.2; do
                amphora get data --to out & sleep $delay; kill -9 $!; wait
                GIT_ALLOW_PROTOCOL=none git -C .amphora fsck --strict --no-dangling >&2 || exit 1
            done
            amphora get data --to out && amphora verify
            """
        let result = try subject.project.script(script)
        #expect(result.status == 0, "\(result.error)")
        #expect(try subject.read("out/big") == [9] + subject.big)
    }

    @Test("A run is shown without the metrics that are not here", arguments: [0, 1])
    func longRun(address: Int) throws {
        let project = try Project()
        let id = try project.amphora("run", "start", "--pid", "0", "--config", #"{"rate": 0.5}"#)
        let logged = try project.script(
            #"seq 3000 | sed 's/.*/{"loss": &, "note": "some more words"}/' | amphora run log --run \#(id) --stdin"#
        )
        #expect(logged.status == 0, "\(logged.error)")
        try project.amphora("clone", Self.addresses[address](project), "light")
        func show(_ options: String...) throws -> ProgramResult {
            try run(Project.program, ["run", "show", id] + options, in: project.scratch("light"))
        }
        let offline = try show("--offline")
        #expect(offline.status == 0 && offline.output.contains("rate = 0.5"), "\(offline.error)")
        #expect(offline.error == "the content of the run '\(id)' is not here yet\n")
        #expect(try show("--offline", "--json").output.contains(#""history_lines":null"#))
        #expect(try show("--offline", "--history").status == 15)
        #expect(try show().output.contains("loss = 3000"))
        #expect(try show("--offline").error == "", "it is here now")
    }

    @Test("All of it comes when it is asked for", arguments: [0, 1])
    func all(address: Int) throws {
        let subject = try Subject(address: Self.addresses[address])
        let pulled = try subject.attempt("pull", "--all")
        #expect(pulled.status == 0, "\(pulled.error)")
        #expect(try subject.attempt("get", "data:v0", "--offline", "--to", "out").status == 0)
        #expect(try subject.attempt("get", "data:v1", "--offline", "--to", "out").status == 0)
        let full = try subject.project.attempt(
            "clone", "--full", Self.addresses[address](subject.project), "full")
        #expect(full.status == 0, "\(full.error)")
        let got = try subject.project.script(
            "cd full && amphora get data --offline --to out && cmp out/big ../in/big")
        #expect(got.status == 0, "\(got.error)")
    }

    @Test("A clone that cannot bring all files stays a light one, and says how to go on", arguments: [0, 1])
    func incomplete(address: Int) throws {
        let project = try Project()
        try project.scratch.write("in/a", "12")
        try project.amphora("put", "in", "--name", "data", "--type", "dataset")
        let blob = try git("rev-parse", "data/v0:a", in: project.store).dropLast()
        let object = "\(project.store)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
        try FileManager.default.moveItem(atPath: object, toPath: project.scratch("object"))
        let result = try project.attempt("clone", "--full", Self.addresses[address](project), "full")
        #expect(result.status == 15)
        let store = project.scratch("full/.amphora")
        #expect(
            result.error.contains(
                "error: cannot bring all files: the clone in '\(store)' stays a light one\n"))
        #expect(result.error.contains("hint: `amphora pull --all` in it goes on"))
        try FileManager.default.moveItem(atPath: project.scratch("object"), toPath: object)
        let all = try project.script("cd full && amphora pull --all && amphora get data --offline --to out")
        #expect(all.status == 0 && project.scratch.exists("full/out/a"), "\(all.error)")
    }
}
