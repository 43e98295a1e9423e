import AmphoraObjects
import Testing

@testable import Amphora

@Suite("Lineage traversal")
struct LineageTraversalTests {
    @Test("Up leads to what a version was made of, and no further")
    func up() throws {
        let fixture = try LineageFixture.tutorial()
        let graph = fixture.graph.around([try fixture.node("mnist-preprocess:v0")], directions: [.up])
        #expect(graph.names == ["brave-sun-1", "mnist-preprocess:v0", "mnist-raw:v0", "swift-river-2"])
        #expect(graph.edges.count == 3)
    }

    @Test("Down leads to all that was made of a version")
    func down() throws {
        let fixture = try LineageFixture.tutorial()
        let graph = fixture.graph.around([try fixture.node("convnet:v0")], directions: [.down])
        #expect(graph.names == ["calm-field-4", "convnet:v0", "late-star-5", "trained-model:v0"])
    }

    @Test("Both ways give ancestors and descendants, not what else the ancestors led to")
    func bothWays() throws {
        let fixture = try LineageFixture.tutorial()
        let graph = fixture.graph.around([try fixture.node("convnet:v0")], directions: [.up, .down])
        #expect(
            graph.names == ["calm-field-4", "convnet:v0", "late-star-5", "odd-leaf-3", "trained-model:v0"])
    }

    @Test("Links between the kept nodes are kept, though they pass by the start")
    func keepsLinks() throws {
        let fixture = try LineageFixture.tutorial()
        let graph = fixture.graph.around([try fixture.node("trained-model:v0")], directions: [.up, .down])
        let link = LineageGraph.Edge(
            from: try fixture.node("mnist-preprocess:v0"), to: try fixture.node("late-star-5"))
        #expect(graph.edges.contains(link))
        #expect(graph.names == fixture.graph.names)
    }

    @Test(
        "Depth counts links",
        arguments: [
            (0, ["trained-model:v0"]), (1, ["calm-field-4", "trained-model:v0"]),
            (2, ["calm-field-4", "convnet:v0", "mnist-preprocess:v0", "trained-model:v0"]),
            (-1, ["trained-model:v0"]),
        ])
    func depth(depth: Int, names: [String]) throws {
        let fixture = try LineageFixture.tutorial()
        let start = try fixture.node("trained-model:v0")
        #expect(fixture.graph.around([start], directions: [.up], depth: depth).names == names)
    }

    @Test("A run may use and log the same version")
    func cycle() throws {
        var fixture = LineageFixture()
        try fixture.version("data:v0", "dataset")
        try fixture.run("check", "loop", uses: ["data:v0"], logs: ["data:v0"])
        let start = try fixture.node("loop")
        for directions in [[.up], [.down], [.up, .down]] as [Set<LineageDirection>] {
            let graph = fixture.graph.around([start], directions: directions)
            #expect(graph.names == ["data:v0", "loop"])
            #expect(graph.edges.count == 2)
        }
    }

    @Test("Several starts are joined, unknown ones left out, and without directions only they remain")
    func starts() throws {
        let fixture = try LineageFixture.tutorial()
        let starts = [try fixture.node("mnist-raw:v0"), try fixture.node("convnet:v0")]
        let unknown = LineageGraph.NodeID.run(try RunID("zzzzzzzz"))
        let graph = fixture.graph.around(starts + [unknown], directions: [.up], depth: 1)
        #expect(graph.names == ["brave-sun-1", "convnet:v0", "mnist-raw:v0", "odd-leaf-3"])
        #expect(fixture.graph.around(starts, directions: []).names == ["convnet:v0", "mnist-raw:v0"])
        #expect(fixture.graph.around([unknown], directions: [.up, .down]).names.isEmpty)
    }

    @Test("A chain of 10,000 nodes is walked to its end")
    func longChain() throws {
        let fixture = try LineageFixture.chain(length: 5000)
        let start = try fixture.node("run-0")
        #expect(fixture.graph.around([start], directions: [.down]).edges.count == 9999)
    }

    @Test("Groups count artifacts, versions, runs and links")
    func groups() throws {
        var fixture = try LineageFixture.tutorial()
        try fixture.version("mnist-raw:v1", "dataset")
        try fixture.run("load-data", "brave-sun-6", logs: ["mnist-raw:v1"])
        let groups = fixture.graph.grouped()
        #expect(
            groups.artifactTypes.map(\.lineText) == [
                "dataset (2 artifacts, 3 versions)", "model (2 artifacts, 2 versions)",
            ])
        #expect(
            groups.jobTypes.map(\.lineText) == [
                "load-data (2 runs)", "preprocess-data (1 run)", "initialize (1 run)", "train (1 run)",
                "report (1 run)",
            ])
        let edges = groups.edges.map { "\($0.from.key) \($0.linkCount) \($0.to.key)" }
        #expect(
            edges == [
                "t_dataset 1 j_preprocess_2ddata", "t_dataset 1 j_train", "t_dataset 1 j_report",
                "t_model 1 j_train", "t_model 1 j_report", "j_load_2ddata 2 t_dataset",
                "j_preprocess_2ddata 1 t_dataset", "j_initialize 1 t_model", "j_train 1 t_model",
            ])
    }
}
