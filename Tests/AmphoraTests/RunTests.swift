import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Runs")
struct RunTests {
    private func record(_ run: Run, in test: TestStore) throws -> [String: JSONValue] {
        let text = try git("show", "refs/notes/runs/\(run.id):run.json", in: test.folder)
        return try #require(try JSONValue(parsing: text).object)
    }

    @Test("A new run is saved with all that is said of it")
    func start() throws {
        let test = try TestStore()
        let run = try test.store.startRun(
            project: "digits", jobType: "train", name: "my run", config: ["lr": 0.5], notes: "words",
            tags: ["a", "b"], command: ["python", "train.py"], code: ["commit": "abc", "dirty": true])
        let expected: [String: JSONValue] = [
            "id": .string(run.id.rawValue), "name": "my run", "project": "digits", "job_type": "train",
            "state": "running", "config": ["lr": 0.5], "summary": [:],
            "created_at": "2001-02-03T04:05:06.000Z", "finished_at": nil, "user": "tester",
            "host": "elsewhere.example", "pid": 1234, "command": ["python", "train.py"],
            "code": ["commit": "abc", "dirty": true], "notes": "words", "tags": ["a", "b"], "sequence": 1,
        ]
        #expect(try record(run, in: test) == expected)
        #expect(run.id.rawValue.wholeMatch(of: /[a-z0-9]{8}/) != nil)
    }

    @Test("A run without a name gets one of two words and its number")
    func names() throws {
        let test = try TestStore()
        for number in 1...3 {
            #expect(try test.startRun().name.wholeMatch(of: /[a-z]+-[a-z]+-(\d+)/)?.1 == "\(number)")
        }
    }

    @Test("Links are saved at once, as notes on the versions' commits that git lists")
    func links() throws {
        let test = try TestStore()
        let input = try test.put("raw", ["a": "1"])
        let run = try test.startRun()
        try run.use("raw:latest")
        let output = try run.log(test.artifact("model", type: "model", ["m": "1"]))
        let notes = try git("notes", "--ref=runs/\(run.id)", "list", in: test.folder)
        let ids = Set(
            notes.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) })
        #expect(ids == [input.commitID.description, output.commitID.description])
        #expect(
            try git("notes", "--ref=runs/\(run.id)", "show", input.commitID.description, in: test.folder)
                == #"{"artifact":"raw:v0","role":"input"}"# + "\n")
        #expect(
            try git("notes", "--ref=runs/\(run.id)", "show", output.commitID.description, in: test.folder)
                == #"{"artifact":"model:v0","role":"output"}"# + "\n")
    }

    @Test("A version that is both used and logged has the role both, in either order")
    func both() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let orders: [(Run) throws -> Void] = [
            {
                try $0.use(version); try $0.log(test.artifact(["a": "1"]))
            },
            {
                try $0.log(test.artifact(["a": "1"])); try $0.use(version)
            },
        ]
        for order in orders {
            let run = try test.startRun()
            try order(run)
            try run.use(version)
            let info = try test.store.run(run.id.rawValue)
            #expect(info.links.map(\.role) == [.both])
            #expect(info.record.sequence == 3, "using it once more saves nothing")
        }
    }

    @Test("Each save is a commit in a chain, with a subject that says how far the run is")
    func chain() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        let run = try test.store.startRun(project: "p", jobType: "train", name: "sunny-smoke-1")
        try run.use("data")
        try run.setSummary(["x": 1])
        try run.finish()
        let subjects = try git("log", "--format=%s", "refs/notes/runs/\(run.id)", in: test.folder)
        #expect(
            subjects == """
                train: sunny-smoke-1 (finished)
                train: sunny-smoke-1 (running)
                train: sunny-smoke-1 (running)
                train: sunny-smoke-1 (running)

                """)
        #expect(try test.store.run(run.id.rawValue).record.sequence == 4)
    }

    @Test("Control characters of a name do not reach the commit's subject")
    func hostileName() throws {
        let test = try TestStore()
        let run = try test.store.startRun(
            project: "p", jobType: "train", name: "a\n\nArtifact-Name: b\u{1b}[2J")
        #expect(
            try git("log", "-1", "--format=%B", "refs/notes/runs/\(run.id)", in: test.folder)
                == "train: a\\n\\nArtifact-Name: b\\u{1b}[2J (running)\n\n")
        #expect(try test.store.run(run.id.rawValue).record.name == "a\n\nArtifact-Name: b\u{1b}[2J")
    }

    @Test("Summary and configuration are merged, tags added once, notes replaced")
    func changes() throws {
        let test = try TestStore()
        let run = try test.store.startRun(
            project: "p", jobType: "train", config: ["a": 1, "b": 2], notes: "old", tags: ["x"])
        try run.setConfig(["b": 3, "c": [1, 2]])
        try run.setSummary(["loss": 0.5])
        try run.setSummary(["loss": 0.25, "accuracy": 1])
        try run.addTags(["x", "y"])
        try run.setNotes("new")
        let record = try test.store.run(run.id.rawValue).record
        #expect(record.config == ["a": 1, "b": 3, "c": [1, 2]])
        #expect(record.summary == ["loss": 0.25, "accuracy": 1])
        #expect(record.tags == ["x", "y"])
        #expect(record.notes == "new")
    }

    @Test("Values that are not finite are refused with their path, and change nothing")
    func notFinite() throws {
        let test = try TestStore()
        let run = try test.startRun()
        let nan = JSONValue.double(.nan)
        #expect(
            try failure { try run.setSummary(["a": [nan]]) }.message == "'a[0]' in the summary is not finite")
        #expect(try failure { try run.setConfig(["b": nan]) }.message == "'b' in the config is not finite")
        #expect(
            try failure { try run.log(metrics: ["c": nan]) }.message == "'c' in the metrics is not finite")
        let reserved = try failure { try run.log(metrics: ["_step": 1]) }
        #expect(reserved.message == "the name '_step' in the metrics begins with '_'")
        #expect(throws: InvalidMetric.self) {
            try test.store.startRun(project: "p", jobType: "t", config: ["x": nan])
        }
        #expect(try test.store.runs().map(\.record.sequence) == [1])
    }

    @Test("A finished run says when, a failed one why")
    func ends() throws {
        let test = try TestStore()
        let good = try test.startRun()
        try good.finish(exitStatus: 0)
        let bad = try test.store.startRun(project: "p", jobType: "t", notes: "first")
        try bad.fail("out of memory", exitStatus: 137)
        let finished = try test.store.run(good.id.rawValue)
        #expect(finished.state == .finished)
        #expect(finished.record.finished == TestStore.time)
        #expect(finished.record.exitStatus == 0)
        let failed = try test.store.run(bad.id.rawValue)
        #expect(failed.state == .failed)
        #expect(failed.record.notes == "first\nout of memory")
        #expect(failed.record.exitStatus == 137)
    }

    @Test("Fields of a later version of the format survive a save")
    func unknownFields() throws {
        let test = try TestStore()
        let run = try test.startRun()
        var fields = try record(run, in: test)
        fields["gpu"] = ["name": "x1", "memory": [1, 2.5, nil]]
        let json = JSONValue.object(fields).canonical
        let blob = try TestSupport.run("git", ["hash-object", "-w", "--stdin"], in: test.folder, input: json)
        let tree = try TestSupport.run(
            "git", ["mktree"], in: test.folder,
            input:
                "100644 blob \(blob.output.dropLast())\trun.json\n100644 blob \(blob.output.dropLast())\tnew\n"
        )
        let ref = "refs/notes/runs/\(run.id)"
        let commit = try git(
            "commit-tree", "-p", ref, "-m", "later", String(tree.output.dropLast()), in: test.folder)
        try git("update-ref", ref, String(commit.dropLast()), in: test.folder)
        try run.finish()
        let saved = try record(run, in: test)
        #expect(saved["gpu"] == ["name": "x1", "memory": [1, 2.5, nil]])
        #expect(saved["state"] == "finished")
        #expect(try test.tree(ref).keys.sorted() == ["new", "run.json"])
    }

    @Test("Notes that git itself adds to a run survive, and its fanned-out notes are read")
    func gitNotes() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let run = try test.startRun()
        try run.use(version)
        try git("notes", "--ref=runs/\(run.id)", "add", "-m", "by hand", "refs/amphora/root", in: test.folder)
        try run.finish()
        let root = try git("rev-parse", "refs/amphora/root", in: test.folder).dropLast()
        #expect(
            try git("notes", "--ref=runs/\(run.id)", "show", String(root), in: test.folder) == "by hand\n")
        #expect(try test.store.run(run.id.rawValue).links.map(\.commitID) == [version.commitID])
    }

    @Test("The producer is known from the trailer when the run's note is missing")
    func producerFromTrailer() throws {
        let test = try TestStore()
        let run = try test.startRun()
        // What is left when a process is killed between the tag and the note.
        let version = try test.store.publish(test.store.stage(test.artifact(["a": "1"])), runID: run.id)
            .version
        #expect(try git("notes", "--ref=runs/\(run.id)", "list", in: test.folder) == "")
        let link = try #require(try test.store.run(run.id.rawValue).links.first)
        #expect((link.commitID, link.artifact, link.role) == (version.commitID, "data:v0", .output))
        try run.use(version)
        #expect(try test.store.run(run.id.rawValue).links.map(\.role) == [.both])
    }

    @Test("A run is found by ID and by a name that only one has")
    func find() throws {
        let test = try TestStore()
        let first = try test.store.startRun(project: "p", jobType: "t", name: "one")
        let second = try test.store.startRun(project: "p", jobType: "t", name: "two")
        let third = try test.store.startRun(project: "p", jobType: "t", name: "two")
        #expect(try test.store.run(first.id.rawValue).id == first.id)
        #expect(try test.store.run("one").id == first.id)
        let error = try failure { _ = try test.store.run("two") }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "2 runs are called 'two'")
        #expect(error.hint?.contains(second.id.rawValue) == true)
        #expect(error.hint?.contains(third.id.rawValue) == true)
    }

    @Test("A run that is not there: the nearest IDs, or that there is none")
    func notThere() throws {
        let test = try TestStore()
        let none = try failure { _ = try test.store.run("3k9x2m1a") }
        #expect(none.code == .notFound)
        #expect(none.message == "there is no run '3k9x2m1a'")
        #expect(none.hint == "There are no runs yet.")
        let id = try test.startRun().id.rawValue
        let near = try failure { _ = try test.store.run(String(id.dropLast())) }
        #expect(near.hint == "Did you mean '\(id)'?")
        #expect(try failure { _ = try test.store.resumeRun(RunID("00000000")) }.code == .notFound)
    }

    @Test("Runs are listed by time")
    func order() throws {
        let test = try TestStore()
        let later = try test.startRun()
        let earlier = try test.reopened { $0.now = { TestStore.time - 60 } }.startRun(
            project: "p", jobType: "t")
        #expect(try test.store.runs().map(\.id) == [earlier.id, later.id])
    }
}
