import AmphoraGit
import AmphoraObjects
import TestSupport
import Testing

@testable import Amphora

@Suite("Runs that were saved apart")
struct RunForkTests {
    private let test: TestStore
    private let run: Run

    init() throws {
        test = try TestStore()
        run = try test.startRun()
        try run.setSummary(["loss": 3, "kept": 1])
        try run.setConfig(["lr": 1])
        try run.addTags(["first"])
        try run.log(metrics: ["loss": 3], step: 0)
        try run.flush()
    }

    private var ref: String { "refs/notes/runs/\(run.id)" }

    private func tip() throws -> CommitID {
        CommitID(try ObjectID(hex: git("rev-parse", ref, in: test.folder)))
    }

    /// Saves on both sides, each from where the run is now.
    private func fork(
        _ ours: (Run) throws -> Void, _ theirs: (Run) throws -> Void
    ) throws -> (ours: CommitID, theirs: CommitID) {
        let base = try tip()
        func save(_ body: (Run) throws -> Void) throws -> CommitID {
            try git("update-ref", ref, "\(base)", in: test.folder)
            let side = try test.reopened().resumeRun(run.id)
            try body(side)
            try side.flush()
            return try tip()
        }
        return (try save(ours), try save(theirs))
    }

    /// Merges, points the run at the result, and returns its record, which is the same from either side.
    @discardableResult
    private func merge(_ sides: (ours: CommitID, theirs: CommitID)) throws -> RunRecord {
        let records = try [(sides.theirs, sides.ours), (sides.ours, sides.theirs)].map { ours, theirs in
            let merged = try RunFork(run.id, ours, theirs, in: test.store).merged()
            try git("update-ref", ref, "\(merged)", in: test.folder)
            return try test.reopened().run(run.id.rawValue).record
        }
        #expect(records[0] == records[1])
        return records[1]
    }

    private func paths() throws -> [String] { try test.tree(ref).keys.sorted().filter { $0.contains("/") } }

    @Test("What one side changed is kept, however often the other one saved")
    func record() throws {
        let sides = try fork(
            { run in
                try run.setSummary(["loss": 2])
                try run.addTags(["ours"])
                try run.finish()
            },
            { run in
                for step in 0..<5 { try run.setConfig(["step": .int(Int64(step))]) }
                try run.addTags(["theirs"])
                try run.setSummary(["accuracy": 0.5])
            })
        let merged = try merge(sides)
        #expect(merged.summary == ["loss": 2, "kept": 1, "accuracy": 0.5])
        #expect(merged.config == ["lr": 1, "step": 4])
        #expect(merged.tags == ["first", "theirs", "ours"])
        #expect(merged.state == .finished && merged.finished != nil)
    }

    @Test("Of what both changed the side with more saves counts; with as many, both sides find the same")
    func bothChanged() throws {
        let more = try merge(
            fork(
                { try $0.setSummary(["loss": 2]) },
                { run in
                    try run.setSummary(["loss": 5])
                    try run.setSummary(["loss": 1])
                }))
        #expect(more.summary["loss"] == 1)
        let sides = try fork(
            { run in
                try run.setSummary(["loss": 7])
                try run.setNotes("ours")
            },
            { run in
                try run.setSummary(["loss": 8])
                try run.setNotes("theirs")
            })
        let merged = try merge(sides)
        #expect([7, 8].contains(merged.summary["loss"]))
        #expect(merged.notes.split(separator: "\n").sorted() == ["ours", "theirs"])
        #expect(merged.sequence > more.sequence)
        // What does not count is still in git.
        for side in [sides.ours, sides.theirs] {
            #expect(try git("merge-base", "--is-ancestor", "\(side)", ref, in: test.folder) == "")
        }
    }

    @Test("Metrics of both stay, those that both have once, and merging again adds none")
    func metrics() throws {
        let sides = try fork(
            { run in
                try run.log(metrics: ["loss": 2], step: 1)
                try run.flush()
                try run.log(metrics: ["loss": 1], step: 2)
            }, { try $0.log(metrics: ["loss": 9], step: 1) })
        func losses() throws -> [JSONValue] {
            var losses: [JSONValue] = []
            try test.reopened().history(of: run.id) { losses.append($0["loss"] ?? .null) }
            return losses.sorted { $0.number ?? 0 < $1.number ?? 0 }
        }
        try merge(sides)
        #expect(try losses() == [1, 2, 3, 9])
        let merged = try tip()
        try merge((ours: sides.ours, theirs: merged))
        #expect(try losses() == [1, 2, 3, 9])
        // Each side merged for itself, in another order.
        let other = try RunFork(run.id, sides.ours, sides.theirs, in: test.store).merged()
        try merge((ours: other, theirs: merged))
        #expect(try losses() == [1, 2, 3, 9])
    }

    @Test("An image stays with its key, its step and its caption, be the same elsewhere or not")
    func images() throws {
        let image = try PNGImage(grayscale: [1], width: 1, height: 1)
        let other = try PNGImage(grayscale: [2], width: 1, height: 1)
        try run.log(images: [(image, "before")], key: "k", step: 1)
        try run.flush()
        let sides = try fork(
            { run in
                try run.log(images: [(image, "ours"), (other, "")], key: "k", step: 1)
                try run.log(images: [(image, "before")], key: "ours", step: 1)
            },
            { run in
                try run.log(images: [(image, "theirs"), (other, "")], key: "k", step: 1)
                try run.log(images: [(image, "before")], key: "k", step: 2)
            })
        try merge(sides)
        let store = try test.reopened()
        #expect(
            try paths() == [
                "history/000000.jsonl", "media/k/1-0.png", "media/k/1-1.png", "media/k/1-2.png",
                "media/k/1-3.png", "media/k/1.json", "media/k/2-0.png", "media/k/2.json",
                "media/ours/1-0.png",
                "media/ours/1.json",
            ])
        let captions = try JSONValue(parsing: store.readMedia("k/1.json", of: run.id))["captions"]?.array
        #expect(Set(captions ?? []) == ["before", "ours", "theirs", ""] && captions?.count == 4)
    }

    @Test("Links of both stay, and notes and files that others wrote")
    func links() throws {
        let (data, model) = (try test.put("data", ["a": "1"]), try test.put("model", ["m": "1"]))
        let theirs = try test.put("theirs", ["b": "1"])
        let sides = try fork(
            { run in
                try run.use(data)
                try git(
                    "notes", "--ref=runs/\(run.id)", "add", "-m", "by hand", "\(model.commitID)",
                    in: test.folder)
            }, { try $0.use(theirs) })
        try merge(sides)
        #expect(
            Set(try test.reopened().run(run.id.rawValue).links.map(\.artifact)) == ["data:v0", "theirs:v0"])
        #expect(
            try git("notes", "--ref=runs/\(run.id)", "show", "\(model.commitID)", in: test.folder)
                == "by hand\n")
    }
}
