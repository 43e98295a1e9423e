import AmphoraObjects
import Foundation
import Testing

@testable import Amphora

@Suite("Lineage as dot, Mermaid and JSON")
struct LineageRenderingTests {
    private static let hostile = [
        #"a"b\"#, "x\\\"; } evil [label=\"", "two\nlines", "<b>&lt;&amp;</b>", "a]b)c}|d{e", "\u{1B}[31m",
        "\"\u{301}x",
        "\\N\\G\\l", "end", "%%{init: {}}%%", "#quot; `code` ;", "--> x", "日本語 🏺", "",
    ]

    private func hostileFixture() throws -> LineageFixture {
        var fixture = LineageFixture()
        try fixture.version("data:v0", "set", isDeleted: true)
        for (index, name) in Self.hostile.enumerated() {
            try fixture.run(name, name + "\(index)", uses: ["data:v0"], state: .failed)
        }
        return fixture
    }

    private func small() throws -> LineageGraph {
        var fixture = LineageFixture()
        try fixture.version("raw:v0", "dataset", aliases: ["best", "latest"])
        try fixture.version("raw:v1", "dataset", aliases: [], isDeleted: true)
        try fixture.run("load", "a \"b\"", uses: ["raw:v1"], logs: ["raw:v0"], state: .failed)
        return fixture.graph
    }

    @Test("dot, in full")
    func dot() throws {
        #expect(
            DrawnGraph(try small()).dot == #"""
                digraph lineage {
                  rankdir=LR; bgcolor="transparent";
                  node [fontname="sans-serif", fontsize=11, fontcolor="#111827", penwidth=1.2];
                  edge [fontname="sans-serif", fontsize=10, fontcolor="#6b7280", color="#6b7280"];
                  v_ababababababababababab010000000000000000 [label="raw:v0\ndataset\n[latest, best]", shape=box, fillcolor="#dbeafe", style="rounded,filled", color="#4b5563"];
                  v_ababababababababababab020000000000000000 [label="raw:v1\ndataset, deleted", shape=box, fillcolor="#dbeafe", style="rounded,filled,dashed", color="#9ca3af"];
                  r_00000000 [label="load\na \"b\"\nfailed", shape=ellipse, fillcolor="#fef3c7", style="filled", color="#b91c1c", penwidth=2.5];
                  v_ababababababababababab020000000000000000 -> r_00000000;
                  r_00000000 -> v_ababababababababababab010000000000000000;
                }

                """#)
    }

    @Test("Mermaid, in full")
    func mermaid() throws {
        #expect(
            DrawnGraph(try small().grouped()).mermaid == """
                flowchart LR
                  classDef version fill:#dbeafe,stroke:#4b5563,color:#111827
                  classDef run fill:#fef3c7,stroke:#4b5563,color:#111827
                  classDef deleted stroke:#9ca3af,stroke-dasharray:4 3
                  classDef failed stroke:#b91c1c,stroke-width:2.5px
                  t_dataset("dataset<br/>1 artifact<br/>2 versions"):::version
                  j_load(["load<br/>1 run"]):::run
                  t_dataset -->|"1"| j_load
                  j_load -->|"1"| t_dataset

                """)
    }

    @Test("JSON, in full")
    func json() throws {
        let json = try JSONValue(
            parsing: #"""
                {"nodes": [
                  {"id": "v_ababababababababababab010000000000000000", "kind": "version",
                   "commit": "ababababababababababab010000000000000000", "name": "raw:v0", "artifact": "raw",
                   "version": "v0", "type": "dataset", "aliases": ["latest", "best"], "size": 1000,
                   "conflicts": [], "deleted": false},
                  {"id": "v_ababababababababababab020000000000000000", "kind": "version",
                   "commit": "ababababababababababab020000000000000000", "name": "raw:v1", "artifact": "raw",
                   "version": "v1", "type": "dataset", "aliases": [], "size": 1000, "conflicts": [],
                   "deleted": true},
                  {"id": "r_00000000", "kind": "run", "run": "00000000", "name": "a \"b\"", "project": "digits",
                   "job_type": "load", "state": "failed", "created_at": "2027-01-15T08:00:00.000Z"}],
                 "edges": [
                  {"from": "v_ababababababababababab020000000000000000", "to": "r_00000000", "role": "input"},
                  {"from": "r_00000000", "to": "v_ababababababababababab010000000000000000",
                   "role": "output"}]}
                """#)
        #expect(try small().json == json)
        let groups = try JSONValue(
            parsing: #"""
                {"nodes": [
                  {"id": "t_dataset", "kind": "artifact_type", "type": "dataset", "artifacts": 1, "versions": 2},
                  {"id": "j_load", "kind": "job_type", "job_type": "load", "runs": 1}],
                 "edges": [
                  {"from": "t_dataset", "to": "j_load", "role": "input", "links": 1},
                  {"from": "j_load", "to": "t_dataset", "role": "output", "links": 1}]}
                """#)
        #expect(try small().grouped().json == groups)
    }

    @Test("The order of what went in changes nothing")
    func isDeterministic() throws {
        let graph = try LineageFixture.tutorial().graph
        let shuffled = LineageGraph(
            versions: graph.versions.reversed(), runs: graph.runs.reversed(), edges: graph.edges.reversed())
        #expect(DrawnGraph(shuffled).dot == DrawnGraph(graph).dot)
        #expect(DrawnGraph(shuffled.grouped()).mermaid == DrawnGraph(graph.grouped()).mermaid)
        #expect(shuffled.json == graph.json)
        #expect(LineageText.render(shuffled) == LineageText.render(graph))
    }

    @Test("Two names for one commit, as only tampering makes them, are no crash")
    func repeatedCommit() throws {
        let graph = try small()
        let twice = LineageGraph(
            versions: graph.versions + graph.versions, runs: graph.runs, edges: graph.edges)
        #expect(LineageText.render(twice).contains("4 versions"))
        #expect(twice.around([.version(graph.versions[0].commitID)], directions: [.up]).runs.count == 1)
    }

    @Test("Keys of different job types differ and are plain")
    func keys() {
        let keys = Self.hostile.map { LineageGroups.GroupID.jobType($0).key }
        #expect(Set(keys).count == keys.count)
        #expect(
            keys.allSatisfy {
                $0.utf8.allSatisfy {
                    $0 == UInt8(ascii: "_") || Character(Unicode.Scalar($0)).isLetter
                        || Character(Unicode.Scalar($0)).isNumber
                }
            })
        #expect(LineageGroups.GroupID.jobType("a_\n").key == "j_a_5f_0a")
    }

    @Test("Mermaid labels hold nothing that ends them")
    func hostileMermaid() throws {
        let lines = DrawnGraph(try hostileFixture().graph).mermaid.split(separator: "\n")
        // A header of 5 lines, a version, the runs, their links, and a class for each node.
        #expect(lines.count == 5 + 1 + Self.hostile.count * 2 + Self.hostile.count + 1)
        for line in lines.dropFirst(5) {
            let parts = line.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
            #expect([1, 3].contains(parts.count), "\(line)")
            guard parts.count == 3 else { continue }
            let label = String(String.UnicodeScalarView(parts[1])).replacing("<br/>", with: "")
            #expect(
                !label.unicodeScalars.contains { "<>[](){}|`\\&%".unicodeScalars.contains($0) }, "\(line)")
        }
    }

    @Test(
        "The real Graphviz draws every node and every word of hostile names",
        .enabled(if: Graphviz.isInstalled))
    func graphviz() throws {
        let graph = try hostileFixture().graph
        let svg = try Graphviz.svg(DrawnGraph(graph).dot)
        #expect(svg.components(separatedBy: "class=\"node\"").count - 1 == graph.runs.count + 1)
        #expect(svg.components(separatedBy: "class=\"edge\"").count - 1 == graph.edges.count)
        for run in graph.runs {
            #expect(
                svg.contains(">\(Graphviz.xml(run.name.escapingControlCharacters()))</text>"), "\(run.name)")
            #expect(svg.contains("<title>r_\(run.id)</title>"))
        }
        _ = try Graphviz.svg(DrawnGraph(graph.grouped()).dot)
    }
}

private enum Graphviz {
    private static let path = "/usr/bin/dot"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    static func svg(_ dot: String) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "lineage-\(UUID().uuidString).dot")
        try Data(dot.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = ["-Tsvg", file.path]
        process.standardOutput = output
        try process.run()
        let svg = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: svg, as: UTF8.self)
    }

    /// The text as Graphviz writes it into an SVG.
    static func xml(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "-": result += "&#45;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
