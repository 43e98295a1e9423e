import TestSupport
import Testing

@Suite("After git has repacked a store")
struct RepackTests {
    @Test("Objects and refs that git packed are read, and put goes on")
    func repacked() throws {
        let project = try Project()
        let bytes = randomBytes(count: 2 << 20, seed: 31)
        try project.scratch.write("in/big", bytes)
        for index in 0..<5 {
            try project.scratch.write("in/small", "\(index)")
            #expect(
                try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
                    == "data:v\(index)")
        }
        let id = try project.amphora("run", "start", "--pid", "0")
        for _ in 0..<3 { try project.amphora("run", "log", "--run", id, "x=1") }
        let runs = try project.amphora("run", "ls", "--json")
        for round in 5..<7 {
            try git("gc", "--quiet", "--prune=now", in: project.store)
            try git("pack-refs", "--all", in: project.store)
            #expect(try git("count-objects", in: project.store).hasPrefix("0 objects"))
            #expect(try project.fsck() == "")
            #expect(try project.amphora("verify").hasSuffix(": no damage"))
            try project.amphora("get", "data:best", "--to", "out\(round)")
            #expect(try project.scratch.read("out\(round)/big") == bytes)
            #expect(try project.amphora("put", "in", "--name", "data", "--type", "t") == "data:v\(round - 1)")
            try project.scratch.write("in/small", "\(round)")
            #expect(
                try project.amphora("put", "in", "--name", "data", "--type", "t", "--alias", "best")
                    == "data:v\(round)")
            #expect(try project.amphora("cat", "data:best", "small") == "\(round)")
            try project.amphora("run", "log", "--run", id, "x=1")
        }
        let history = try project.amphora("run", "show", id, "--history").split(separator: "\n")
        #expect(history.count == 5)
        #expect(
            try project.amphora("run", "ls", "--json").split(separator: "\n").count
                > runs.split(separator: "\n").count)
        try project.amphora("alias", "rm", "data:best")
        try project.amphora("rm", "data:v6")
        #expect(try project.amphora("cat", "data", "small") == "5")
        #expect(try project.fsck() == "")
    }

    @Test("A run whose notes git has fanned out is read and saved on")
    func fannedOut() throws {
        let project = try Project()
        try project.scratch.write("in/a", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        let id = try project.amphora("run", "start", "--pid", "0")
        try project.amphora("get", "data", environment: ["AMPHORA_RUN": id])
        // git fans a notes tree out at some hundred notes.
        try project.scratch.write(
            "blobs", (0..<300).map { "blob\nmark :\($0 + 1)\ndata 4\n\($0 + 1000)\n" }.joined())
        let result = try project.script(
            """
            cd .amphora && git fast-import --quiet --export-marks=marks < ../blobs && cut -d' ' -f2 marks > ids \
            && git notes --ref=runs/\(id) add -m words refs/amphora/root \
            && root=$(git rev-parse refs/amphora/root) \
            && while read id; do echo "$root $id"; done < ids > pairs \
            && GIT_NOTES_REF=refs/notes/runs/\(id) git notes copy --stdin < pairs
            """)
        #expect(result.status == 0, "\(result.error)")
        let names = try git("ls-tree", "--name-only", "refs/notes/runs/\(id)", in: project.store).split(
            separator: "\n")
        #expect(names.contains { $0.count == 2 }, "git has fanned out: \(names.prefix(3))")
        #expect(try project.amphora("run", "show", id).contains("used:      data:v0"))
        try project.scratch.write("in/a", "2")
        try project.amphora("put", "in", "--name", "data", "--type", "t", environment: ["AMPHORA_RUN": id])
        try project.amphora("run", "finish", "--run", id)
        let json = try project.amphora("run", "show", id, "--json")
        #expect(json.contains(#""inputs":["data:v0"]"#) && json.contains(#""outputs":["data:v1"]"#))
        #expect(
            try git("notes", "--ref=runs/\(id)", "list", in: project.store).split(separator: "\n").count
                == 303, "two links, one note by hand and its copies")
        #expect(try project.fsck() == "")
    }
}
