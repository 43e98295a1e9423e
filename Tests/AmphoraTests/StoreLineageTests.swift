import TestSupport
import Testing

@testable import Amphora

@Suite("Lineage of a store")
struct StoreLineageTests {
    /// raw → preprocess → clean, and train uses clean.
    private func pipeline() throws -> (test: TestStore, runs: [Run]) {
        let test = try TestStore()
        let load = try test.startRun("load")
        try load.log(test.artifact("raw", ["a": "1"]))
        let preprocess = try test.startRun("preprocess")
        try preprocess.use("raw")
        try preprocess.log(test.artifact("clean", ["a": "2"]), aliases: ["good"])
        let train = try test.startRun("train")
        try train.use("clean:good")
        for run in [load, preprocess, train] { try run.finish() }
        return (test, [load, preprocess, train])
    }

    @Test("The graph has the versions, the runs and the links between them")
    func graph() throws {
        let (test, runs) = try pipeline()
        let graph = try test.store.lineage()
        #expect(graph.versions.map(\.name.description) == ["clean:v0", "raw:v0"])
        #expect(Set(graph.runs.map(\.id)) == Set(runs.map(\.id)))
        let raw = LineageGraph.NodeID.version(try test.store.version("raw").commitID)
        let clean = LineageGraph.NodeID.version(try test.store.version("clean").commitID)
        let nodes = runs.map { LineageGraph.NodeID.run($0.id) }
        let expected: Set<LineageGraph.Edge> = [
            .init(from: nodes[0], to: raw), .init(from: raw, to: nodes[1]), .init(from: nodes[1], to: clean),
            .init(from: clean, to: nodes[2]),
        ]
        #expect(Set(graph.edges) == expected)
        #expect(graph.edges.count == 4)
        let node = try #require(graph.versions.first)
        #expect(node.aliases.map(\.rawValue) == ["latest", "good"])
        #expect((node.type.rawValue, node.byteCount, node.isDeleted) == ("dataset", 1, false))
        #expect(graph.runs.map(\.jobType).sorted() == ["load", "preprocess", "train"])
    }

    @Test("Going up from the end finds all of it, going down from the end only the last run")
    func around() throws {
        let (test, runs) = try pipeline()
        let graph = try test.store.lineage()
        let clean = try test.store.lineageNode("clean:good")
        #expect(
            graph.around([clean], directions: [.up], depth: nil).runs.map(\.jobType).sorted() == [
                "load", "preprocess",
            ])
        #expect(graph.around([clean], directions: [.down], depth: nil).runs.map(\.id) == [runs[2].id])
    }

    @Test("A deleted version stays as a node where a run links it, and goes where none does")
    func deleted() throws {
        let (test, _) = try pipeline()
        let raw = try test.store.version("raw")
        try test.store.remove(raw)
        let graph = try test.store.lineage()
        let node = try #require(graph.versions.first { $0.name.artifact.rawValue == "raw" })
        #expect((node.commitID, node.isDeleted) == (raw.commitID, true))
        #expect(graph.edges.count == 4)
        let run = try test.startRun()
        let lone = try test.store.publish(test.store.stage(test.artifact("lone", ["a": "1"])), runID: run.id)
        try test.store.remove(lone.version)
        #expect(try test.store.lineage().versions.count == 2)
    }

    @Test("A link to a commit that is no version here is left out")
    func unknownLink() throws {
        let (test, runs) = try pipeline()
        try git(
            "notes", "--ref=runs/\(runs[2].id)", "add", "-m", #"{"artifact":"x:v0","role":"input"}"#,
            "refs/amphora/root", in: test.folder)
        #expect(try test.store.lineage().edges.count == 4)
        #expect(try test.store.run(runs[2].id.rawValue).links.count == 2)
    }

    @Test("A node is found by version, run ID and run name")
    func nodes() throws {
        let (test, runs) = try pipeline()
        #expect(try test.store.lineageNode("raw") == .version(test.store.version("raw:v0").commitID))
        #expect(try test.store.lineageNode(runs[0].id.rawValue) == .run(runs[0].id))
        #expect(try test.store.lineageNode(runs[0].name) == .run(runs[0].id))
        let error = try failure { _ = try test.store.lineageNode("raww") }
        #expect(error.message == "there is no artifact 'raww'")
    }
}
