import Foundation
import TestSupport
import Testing

@Suite("Plain git on a store")
struct PlainGitTests {
    private func projectWithBigFile() throws -> (project: Project, bytes: [UInt8]) {
        let project = try Project()
        let bytes = randomBytes(count: 5 << 20, seed: 21)
        try project.scratch.write("in/model", bytes)
        try project.scratch.write("in/readme.txt", "a model\n")
        try project.amphora("put", "in", "--name", "net", "--type", "model", "--alias", "best")
        return (project, bytes)
    }

    @Test("git fsck finds nothing after each kind of operation")
    func fsck() throws {
        let (project, _) = try projectWithBigFile()
        #expect(try project.fsck() == "")
        try project.scratch.write("small/a", "1")
        let png = try run("base64", ["-d"], in: project.folder, input: Self.pixel)
        #expect(png.status == 0)
        try FileManager.default.createDirectory(
            atPath: project.scratch("pictures"), withIntermediateDirectories: true)
        #expect(
            try run("sh", ["-c", "base64 -d > pictures/p.png"], in: project.folder, input: Self.pixel).status
                == 0)
        let id = try project.amphora("run", "start", "--job-type", "train", "--pid", "0")
        let operations: [[String]] = [
            [
                "put", "small", "--name", "data", "--type", "dataset", "--description",
                "Words\n\nmore of them",
            ],
            ["put", "small", "--name", "data", "--type", "dataset", "--into", "deep/er", "--base", "data"],
            ["put", "in", "--name", "net", "--type", "model"], ["alias", "set", "data:v0", "good"],
            ["alias", "rm", "data:good"], ["rm", "data:v0"],
            ["run", "log", "--run", id, "train/loss=0.5", "--step", "3"],
            ["run", "log", "--run", id, "--image", "hard/est=pictures/p.png", "--caption", "a 7"],
            ["run", "summary", "--run", id, "accuracy=0.9"],
            ["run", "--job-type", "use", "--", Project.program, "get", "data", "--to", "out"],
            ["run", "finish", "--run", id], ["rm", "net:v0", "--force"],
        ]
        for operation in operations {
            let result = try run(Project.program, operation, in: project.folder)
            #expect(result.status == 0, "\(operation): \(result.error)")
            #expect(try project.fsck() == "", "\(operation)")
        }
        #expect(try project.amphora("verify").hasSuffix(": no damage"))
    }

    /// A PNG of one grey pixel.
    private static let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="

    @Test("git clone checks out the first artifact's newest version")
    func clone() throws {
        let project = try Project()
        for index in 0..<2 {
            try project.scratch.write("in/dir/file", "\(index)")
            try project.amphora("put", "in", "--name", "first", "--type", "t")
        }
        try project.amphora("put", "in/dir/file", "--name", "second", "--type", "t")
        try git("clone", "--quiet", ".amphora", "clone", in: project.folder)
        #expect(try project.scratch.read("clone/dir/file") == Array("1".utf8))
        #expect(try git("-C", "clone", "status", "--porcelain", in: project.folder) == "")
        #expect(try git("-C", "clone", "tag", in: project.folder) == "first/v0\nfirst/v1\nsecond/v0\n")
    }

    @Test("git checkout of an alias shows the files, and of a tag too")
    func checkout() throws {
        let project = try Project()
        for index in 0..<2 {
            try project.scratch.write("in/file", "\(index)")
            try project.amphora("put", "in", "--name", "data", "--type", "t")
        }
        try project.amphora("alias", "set", "data:v0", "best")
        try git("clone", "--quiet", ".amphora", "clone", in: project.folder)
        try git("-C", "clone", "checkout", "--quiet", "data/best", in: project.folder)
        #expect(try project.scratch.read("clone/file") == Array("0".utf8))
        try git("-C", "clone", "checkout", "--quiet", "tags/data/v1", in: project.folder)
        #expect(try project.scratch.read("clone/file") == Array("1".utf8))
    }

    @Test("A chunked file is got back by cat, and its marker says what it is")
    func cat() throws {
        let (project, bytes) = try projectWithBigFile()
        try git("clone", "--quiet", ".amphora", "clone", in: project.folder)
        let result = try project.script("cd clone && cat model/*/* > ../model && sha256sum ../model")
        #expect(try project.scratch.read("model") == bytes)
        let digest = result.output.prefix(64)
        #expect(
            String(decoding: try project.scratch.read("clone/model/.amphora"), as: UTF8.self)
                .trimmingCharacters(
                    in: .newlines)
                == #"{"chunker":"gear-64k","executable":false,"kind":"chunked","sha256":"\#(digest)","size":5242880}"#
        )
        #expect(try project.scratch.read("clone/readme.txt") == Array("a model\n".utf8))
    }

    @Test("A chunked file's groups and chunks are named as the format says")
    func chunkNames() throws {
        let (project, _) = try projectWithBigFile()
        let names = try git("ls-tree", "-r", "--name-only", "net/v0:model", in: project.store)
            .split(separator: "\n").map(String.init)
        let ids = try git("ls-tree", "-r", "--format=%(objectname)", "net/v0:model", in: project.store)
            .split(separator: "\n").map(String.init)
        var expected = [".amphora"]
        var (group, chunk) = (0, 0)
        func hex(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 16)
            return String(repeating: "0", count: digits - text.count) + text
        }
        for id in ids.dropFirst() {
            expected.append("\(hex(group, 6))/\(hex(chunk, 3))")
            (group, chunk) = id.hasPrefix("00") || chunk == 1023 ? (group + 1, 0) : (group, chunk + 1)
        }
        #expect(names == expected)
        let sizes = try git("ls-tree", "-r", "--format=%(objectsize)", "net/v0:model", in: project.store)
            .split(separator: "\n").compactMap { Int($0) }.dropFirst()
        #expect(sizes.reduce(0, +) == 5 << 20)
        #expect(sizes.allSatisfy { $0 <= 256 << 10 })
        #expect(sizes.dropLast().allSatisfy { $0 > 16 << 10 })
    }

    @Test("git log shows the runs at the versions, git notes lists a run's links")
    func logAndNotes() throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        try project.amphora("put", "in", "--name", "raw", "--type", "t")
        let run = try project.attempt(
            "run", "--job-type", "prepare", "--", "sh", "-c",
            "\(Project.program) get raw --to out >/dev/null && \(Project.program) put out --name clean --type t"
        )
        #expect(run.status == 0)
        let id = try project.amphora(
            "git", "log", "-1", "--format=%(trailers:key=Artifact-Run,valueonly,separator=)", "clean/v0")
        let log = try git("log", "--no-walk", "--tags", "--notes=runs/*", in: project.store)
        #expect(log.contains("Notes (runs/\(id)):\n    {\"artifact\":\"raw:v0\",\"role\":\"input\"}\n"))
        #expect(log.contains("Notes (runs/\(id)):\n    {\"artifact\":\"clean:v0\",\"role\":\"output\"}\n"))
        #expect(
            log == (try git("log", "--no-walk", "--tags", in: project.store)),
            "notes.displayRef shows them too")
        let commits = try ["raw/v0", "clean/v0"].map {
            try git("rev-parse", $0, in: project.store).trimmingCharacters(in: .newlines)
        }
        let notes = try git("notes", "--ref=runs/\(id)", "list", in: project.store).split(separator: "\n")
        #expect(Set(notes.map { $0.suffix(40) }) == Set(commits.map { $0[...] }))
    }

    @Test("A run is shown by plain git: its record and metrics")
    func runContent() throws {
        let project = try Project()
        let id = try project.amphora(
            "run", "start", "--job-type", "train", "--name", "sunny-smoke-1", "--pid", "0")
        try project.amphora("run", "log", "--run", id, "loss=0.5")
        try project.amphora("run", "finish", "--run", id)
        #expect(
            try git("log", "-1", "--format=%s", "refs/notes/runs/\(id)", in: project.store)
                == "train: sunny-smoke-1 (finished)\n")
        #expect(
            try git("show", "refs/notes/runs/\(id):history/000000.jsonl", in: project.store)
                == #"{"_step":0,"_time":981173106,"loss":0.5}"# + "\n")
    }
}
