import TestSupport
import Testing

@testable import Amphora

@Suite("Metrics of runs")
struct HistoryTests {
    private func history(_ run: Run, in test: TestStore) throws -> [JSONValue] {
        var lines: [JSONValue] = []
        try test.reopened().history(of: run.id) { lines.append($0) }
        return lines
    }

    private func segments(_ run: Run, in test: TestStore) throws -> [String: String] {
        try test.tree("refs/notes/runs/\(run.id)").filter { $0.key.hasPrefix("history/") }
    }

    @Test("A line holds the metrics, the step and the time")
    func line() throws {
        let test = try TestStore()
        let run = try test.startRun()
        try run.log(metrics: ["train/loss": 0.25, "epoch": 1], step: 25)
        try run.finish()
        #expect(
            try git("show", "refs/notes/runs/\(run.id):history/000000.jsonl", in: test.folder)
                == #"{"_step":25,"_time":981173106,"epoch":1,"train/loss":0.25}"# + "\n")
    }

    @Test("Steps count from 0 unless they are given; after a given one they count on")
    func steps() throws {
        let test = try TestStore()
        let run = try test.startRun()
        for step in [nil, nil, 10, nil, 5, nil, 5] as [Int?] { try run.log(metrics: ["x": 1], step: step) }
        try run.flush()
        #expect(try history(run, in: test).map { $0["_step"]?.int } == [0, 1, 10, 11, 5, 6, 5])
    }

    @Test("A flush adds a segment and never rewrites one")
    func flushes() throws {
        let test = try TestStore()
        let run = try test.startRun()
        var before: [String: String] = [:]
        for count in 1...4 {
            try run.log(metrics: ["x": .int(Int64(count))])
            try run.flush()
            let now = try segments(run, in: test)
            #expect(now.count == count)
            #expect(before.allSatisfy { now[$0.key] == $0.value })
            before = now
        }
        #expect(before.keys.sorted() == (0..<4).map { "history/00000\($0).jsonl" })
        let sequence = try test.store.run(run.id.rawValue).record.sequence
        try run.flush()
        #expect(
            try test.store.run(run.id.rawValue).record.sequence == sequence, "nothing waits, nothing is saved"
        )
    }

    @Test("Metrics wait until something is saved, and are saved with a link")
    func withLink() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let run = try test.startRun()
        try run.log(metrics: ["x": 1])
        #expect(try history(run, in: test).isEmpty)
        try run.use(version)
        #expect(try history(run, in: test).count == 1)
    }

    @Test("Many steps become segments of a mebibyte before the run ends, and none is lost")
    func manySteps() throws {
        let test = try TestStore()
        let run = try test.startRun()
        let count = 40_000
        for step in 0..<count {
            try run.log(metrics: ["train/loss": .int(Int64(step)), "epoch": 3], step: step)
        }
        // Written already, so that memory stays bounded; named by the next save.
        let waiting = run.withBuffer { (segments: $0.segments.count, lines: $0.lines.count) }
        #expect(waiting.segments >= 2)
        #expect(waiting.lines < 1 << 20)
        let sizes = try git(
            "cat-file", "--batch-all-objects", "--batch-check=%(objectsize)", in: test.folder)
        let large = sizes.split(separator: "\n").compactMap { Int($0) }.filter { $0 >= 1 << 20 }
        #expect(large.count == waiting.segments)
        #expect(large.allSatisfy { $0 < (1 << 20) + 4096 })
        try run.flush()
        let before = try segments(run, in: test)
        #expect(before.count == waiting.segments + 1)
        try run.log(metrics: ["train/loss": 0])
        try run.finish()
        let after = try segments(run, in: test)
        #expect(after.count == before.count + 1)
        #expect(before.allSatisfy { after[$0.key] == $0.value })
        var next = 0
        try test.reopened().history(of: run.id) { line in
            if next < count, line["train/loss"]?.int != next { Issue.record("line \(next) is \(line)") }
            if line["_step"]?.int != next { Issue.record("step \(next) is \(line)") }
            next += 1
        }
        #expect(next == count + 1)
    }

    @Test("A resumed run goes on with the steps and adds its segments")
    func resumed() throws {
        let test = try TestStore()
        let run = try test.startRun()
        for _ in 0..<3 { try run.log(metrics: ["x": 1]) }
        try run.flush()
        let before = try segments(run, in: test)
        let again = try test.reopened().resumeRun(run.id)
        try again.log(metrics: ["x": 2])
        try again.finish()
        #expect(try history(run, in: test).map { $0["_step"]?.int } == [0, 1, 2, 3])
        let after = try segments(run, in: test)
        #expect(after.count == 2)
        #expect(before.allSatisfy { after[$0.key] == $0.value })
    }

    @Test("A run resumed without metrics begins with step 0")
    func resumedEmpty() throws {
        let test = try TestStore()
        let run = try test.startRun()
        let again = try test.store.resumeRun(run.id)
        try again.log(metrics: ["x": 2])
        try again.finish()
        #expect(try history(run, in: test).map { $0["_step"]?.int } == [0])
    }

    @Test("Metrics logged after the end are saved too")
    func afterEnd() throws {
        let test = try TestStore()
        let run = try test.startRun()
        try run.finish()
        try run.log(metrics: ["x": 1])
        try run.flush()
        #expect(try history(run, in: test).count == 1)
        #expect(try test.store.run(run.id.rawValue).state == .finished)
    }

    @Test("Any step may be given, the smallest and the largest too")
    func extremeSteps() throws {
        let test = try TestStore()
        let run = try test.startRun()
        for step in [Int.min, nil, .max, nil] as [Int?] { try run.log(metrics: ["x": 1], step: step) }
        try run.flush()
        let again = try test.store.resumeRun(run.id)
        try again.log(metrics: ["x": 2])
        try again.finish()
        let text = try git("log", "-1", "--format=%s", "refs/notes/runs/\(run.id)", in: test.folder)
        #expect(text.hasSuffix("(finished)\n"))
        #expect(try history(run, in: test).count == 5)
        #expect(
            try git("show", "refs/notes/runs/\(run.id):history/000000.jsonl", in: test.folder)
                .hasPrefix(#"{"_step":-9223372036854775808,"#))
    }
}
