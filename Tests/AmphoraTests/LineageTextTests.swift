import Testing

@testable import Amphora

@Suite("Lineage as text")
struct LineageTextTests {
    @Test("The whole store is a forest in the order in which data flows")
    func forest() throws {
        #expect(
            LineageText.render(try LineageFixture.tutorial().graph) == """
                load-data brave-sun-1 (finished)
                └─ mnist-raw:v0 (dataset) [latest]
                   └─ preprocess-data swift-river-2 (finished)
                      └─ mnist-preprocess:v0 (dataset) [latest]
                         ├─ train calm-field-4 (finished)
                         │  └─ trained-model:v0 (model) [latest, best]
                         │     └─ report late-star-5 (finished)
                         └─ report late-star-5 (finished)
                initialize odd-leaf-3 (finished)
                └─ convnet:v0 (model) [latest]
                   └─ train calm-field-4 (finished) …

                5 runs, 4 artifacts, 4 versions, 9 links (4 logged, 5 used)

                """)
    }

    @Test("Up from a version, the tree grows towards what it was made of")
    func up() throws {
        let fixture = try LineageFixture.tutorial()
        let start = try fixture.node("trained-model:v0")
        #expect(
            LineageText.render(fixture.graph, from: [start], direction: .up) == """
                trained-model:v0 (model) [latest, best]
                └─ train calm-field-4 (finished)
                   ├─ convnet:v0 (model) [latest]
                   │  └─ initialize odd-leaf-3 (finished)
                   └─ mnist-preprocess:v0 (dataset) [latest]
                      └─ preprocess-data swift-river-2 (finished)
                         └─ mnist-raw:v0 (dataset) [latest]
                            └─ load-data brave-sun-1 (finished)

                4 runs, 4 artifacts, 4 versions, 7 links (4 logged, 3 used)

                """)
    }

    @Test("Groups are a forest too, though they lead in circles")
    func groups() throws {
        #expect(
            LineageText.render(try LineageFixture.tutorial().graph.grouped()) == """
                load-data (1 run)
                └─ dataset (2 artifacts, 2 versions)
                   ├─ preprocess-data (1 run)
                   │  └─ dataset (2 artifacts, 2 versions) …
                   ├─ train (1 run)
                   │  └─ model (2 artifacts, 2 versions)
                   │     ├─ train (1 run) …
                   │     └─ report (1 run)
                   └─ report (1 run)
                initialize (1 run)
                └─ model (2 artifacts, 2 versions) …

                5 runs, 4 artifacts, 4 versions, 9 links (4 logged, 5 used)

                """)
    }

    @Test("A circle that nothing leads to begins where it leads out from, and ends")
    func cycle() throws {
        var fixture = LineageFixture()
        try fixture.version("raw:v0", "dataset", aliases: [])
        try fixture.version("clean:v0", "dataset", aliases: [], isDeleted: true)
        try fixture.run("check", "loop", uses: ["raw:v0"], logs: ["raw:v0", "clean:v0"], state: .crashed)
        #expect(
            LineageText.render(fixture.graph) == """
                raw:v0 (dataset)
                └─ check loop (crashed)
                   ├─ clean:v0 (dataset, deleted)
                   └─ raw:v0 (dataset) …

                1 run, 2 artifacts, 2 versions, 3 links (2 logged, 1 used)

                """)
    }

    @Test("Circles that nothing leads to are drawn in order")
    func cycles() throws {
        var fixture = LineageFixture()
        for name in ["a", "b", "c"] {
            try fixture.version("\(name):v0", "dataset", aliases: [])
            try fixture.version("\(name):v1", "dataset", aliases: [])
        }
        try fixture.run("", "b-next", uses: ["b:v0"], logs: ["b:v1", "c:v0"])
        try fixture.run("", "b-back", uses: ["b:v1"], logs: ["b:v0"])
        try fixture.run("", "c-both", uses: ["c:v0"], logs: ["c:v0", "a:v0", "c:v1"])
        try fixture.run("", "a-both", uses: ["a:v1"], logs: ["a:v1"])
        #expect(
            LineageText.render(fixture.graph) == """
                a:v1 (dataset)
                └─ a-both (finished)
                   └─ a:v1 (dataset) …
                b:v0 (dataset)
                └─ b-next (finished)
                   ├─ b:v1 (dataset)
                   │  └─ b-back (finished)
                   │     └─ b:v0 (dataset) …
                   └─ c:v0 (dataset)
                      └─ c-both (finished)
                         ├─ a:v0 (dataset)
                         ├─ c:v0 (dataset) …
                         └─ c:v1 (dataset)

                4 runs, 3 artifacts, 6 versions, 11 links (7 logged, 4 used)

                """)
    }

    @Test("What does not fit to the right is continued at the margin")
    func deepChain() throws {
        let text = LineageText.render(try LineageFixture.chain(length: 5000).graph)
        let lines = text.split(separator: "\n")
        #expect(lines[24] == "\(String(repeating: " ", count: 69))└─ run-12 (finished) … continued below")
        #expect(lines[25] == "run-12 (finished)")
        #expect(lines.count == 10_000 + 416 + 1)
        #expect(lines.allSatisfy { $0.count < 120 })
    }

    @Test("Every node is expanded once, in wide graphs with many ways too")
    func diamonds() throws {
        var fixture = LineageFixture()
        try fixture.version("layer:v0", "data", aliases: [])
        for layer in 1...40 {
            try fixture.version("layer:v\(layer)", "data", aliases: [])
            for side in ["left", "right"] {
                try fixture.run(
                    side, "\(side)-\(layer)", uses: ["layer:v\(layer - 1)"], logs: ["layer:v\(layer)"])
            }
        }
        let lines = LineageText.render(fixture.graph).split(separator: "\n")
        // The second mention of each version but the last, which has no children. Those of three are a level
        // too deep: both of their mentions point to where they are continued.
        #expect(lines.count { $0.hasSuffix(" …") } == 39 - 3)
        #expect(lines.count { $0.hasSuffix("continued below") } == 6)
        #expect(lines.count == 121 + 40 + 3 + 1)
    }

    @Test("Names drive neither the terminal nor the tree")
    func hostileNames() throws {
        var fixture = LineageFixture()
        try fixture.run("tr\nain", "\u{1B}[31mred\u{202E}\t└─ x", state: .failed)
        try fixture.run("", "")
        let lines = LineageText.render(fixture.graph).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == #"tr\nain \u{1b}[31mred\u{202e}\t└─ x (failed)"#)
        #expect(lines[1] == "00000001 (finished)")
    }

    @Test("An empty graph is only counted")
    func empty() {
        let graph = LineageGraph(versions: [], runs: [], edges: [])
        #expect(LineageText.render(graph) == "0 runs, 0 artifacts, 0 versions, 0 links\n")
        #expect(LineageText.render(graph.grouped()) == "0 runs, 0 artifacts, 0 versions, 0 links\n")
    }
}
