import Amphora
import Testing

@testable import AmphoraWeb

/// Texts, versions and runs beside each other.
@Suite struct ComparisonTests {
    private func diff(_ old: String, _ new: String) throws -> [[String]] {
        let diff = try #require(TextDiff(from: old, to: new))
        return diff.hunks.map { $0.map { "\([.added: "+", .removed: "-"][$0.kind] ?? " ")\($0.text)" } }
    }

    @Test func linesAreComparedWithWhatIsAroundThem() throws {
        let lines = (1...20).map { "\($0)" }
        var changed = lines
        changed[1] = "two"
        changed.insert("new", at: 15)
        #expect(
            try diff(lines.joined(separator: "\n"), changed.joined(separator: "\n")) == [
                [" 1", "-2", "+two", " 3", " 4", " 5"], [" 13", " 14", " 15", "+new", " 16", " 17", " 18"],
            ])
        #expect(try diff("a\nb", "a\nb").isEmpty)
        #expect(try diff("", "a") == [["+a"]])
        #expect(try diff("a\n", "a") == [[" a", "+\\ No newline at the end"]])
        #expect(try diff("a\n", "a\nb\n") == [[" a", "+b"]])
        #expect(try diff("a\r\nb\r\n", "a\r\nc\r\n") == [[" a\r", "-b\r", "+c\r"]])
        #expect(try diff("a\n", "") == [["-a"]])
    }

    /// What is added and removed makes one text of the other, whatever they are.
    @Test func changesLeadFromOneTextToTheOther() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            func text() -> [String] {
                (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                    ["a", "b", "c"].randomElement(using: &generator) ?? ""
                }
            }
            let (old, new) = (text(), text())
            let diff = try #require(
                TextDiff(from: old.joined(separator: "\n"), to: new.joined(separator: "\n")))
            var result = old
            for line in diff.hunks.joined().reversed() where line.kind == .removed {
                result.remove(at: try #require(line.oldNumber) - 1)
            }
            for line in diff.hunks.joined() where line.kind == .added {
                result.insert(line.text, at: try #require(line.newNumber) - 1)
            }
            #expect(result == new, "\(old)")
        }
    }

    @Test func hugeTextsAreNotCompared() {
        #expect(TextDiff(from: String(repeating: "a\n", count: 30_000), to: "b") == nil)
    }

    @Test func versionsAreCompared() async throws {
        let store = try WebStore()
        try store.put("a", ["x.txt": "one\ntwo\n", "gone": "1"], description: "Old", metadata: ["lr": 1])
        try store.put("a", ["x.txt": "one\nthree\n", "fresh": "1"], description: "New", metadata: ["lr": 2])
        let replies = try await store.getAll([
            "/artifacts/a/v1/compare", "/artifacts/a/v0/compare", "/artifacts/a/v1/compare?with=v1",
            "/artifacts/a/v0/compare?with=a:latest", "/artifacts/a/v1/compare?with=v9",
        ])
        for word in ["gone", "fresh", "<code>two</code>", "<code>three</code>", "lr", "Description"] {
            #expect(replies[0].body.contains(word), "\(word)")
        }
        #expect(replies[1].body.contains("There is no version before"))
        #expect(replies[2].body.contains("They are the same"))
        #expect(replies[3].body.contains("a:v1"))
        #expect(replies[4].status == 404)
    }

    @Test func runsAreCompared() async throws {
        let store = try WebStore()
        let ids = try [0.1, 0.2].map { rate in
            let run = try store.store.startRun(
                project: "p", jobType: "train", name: "rate-\(rate)",
                config: ["lr": .double(rate), "seed": 1])
            for step in 0..<3 { try run.log(metrics: ["loss": .double(rate * Double(step))], step: step) }
            try run.finish()
            return run.id.rawValue
        }
        let reply = try await store.get("/compare?run=\(ids[0])&run=\(ids[1])")
        #expect(reply.body.ranges(of: "<polyline").count == 2)
        #expect(
            reply.body.contains("data-name=\"rate-0.1\"") && reply.body.contains("data-name=\"rate-0.2\""))
        #expect(!reply.body.contains("no metric in common"))
        #expect(reply.body.contains("class=\"differs\"><th scope=\"row\">config.lr"))
        #expect(reply.body.contains("<tr><th scope=\"row\">config.seed"))
        #expect(try await store.get("/compare").body.contains("Choose runs"))
    }

    @Test func runsWithNoMetricInCommonAreToldApart() async throws {
        let store = try WebStore()
        let ids = try ["train/loss", "test/loss"].map { metric in
            let run = try store.store.startRun(project: "p", jobType: "train")
            for step in 0..<3 { try run.log(metrics: [metric: 1], step: step) }
            try run.finish()
            return run.id.rawValue
        }
        let reply = try await store.get("/compare?run=\(ids[0])&run=\(ids[1])")
        #expect(reply.body.contains("no metric in common"))
        #expect(reply.body.contains("Only in some of the runs"))
        #expect(reply.body.ranges(of: "<polyline").count == 2)
    }
}
