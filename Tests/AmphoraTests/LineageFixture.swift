import AmphoraObjects
import FoundationEssentials
import Testing

@testable import Amphora

/// A lineage graph that is written down by names, for tests.
struct LineageFixture {
    private var versions: [String: LineageGraph.VersionNode] = [:]
    private var runs: [String: LineageGraph.RunNode] = [:]
    private var edges: [LineageGraph.Edge] = []

    /// The graph as it stands.
    var graph: LineageGraph {
        LineageGraph(versions: Array(versions.values), runs: Array(runs.values), edges: edges)
    }

    /// Adds a version such as `mnist-raw:v0`.
    mutating func version(
        _ name: String, _ type: String, aliases: [String] = ["latest"], isDeleted: Bool = false
    ) throws {
        var number = versions.count + 1
        let bytes = (0..<20).map { index in
            defer { if index > 10 { number /= 256 } }
            return index > 10 ? UInt8(truncatingIfNeeded: number) : 0xAB
        }
        let versionName = try #require(VersionName(parsing: name))
        versions[name] = LineageGraph.VersionNode(
            commitID: CommitID(ObjectID(bytes: bytes.span)), name: versionName, type: try ArtifactType(type),
            aliases: try aliases.map { try Alias($0) }, byteCount: 1000, isDeleted: isDeleted)
    }

    /// Adds a run, later than those before it, with links to versions that are there.
    mutating func run(
        _ jobType: String, _ name: String, uses: [String] = [], logs: [String] = [],
        state: RunState = .finished
    ) throws {
        let digits = String(runs.count, radix: 36)
        let id = try RunID(String(repeating: "0", count: RunID.length - digits.count) + digits)
        let created = Date(timeIntervalSince1970: 1_800_000_000 + Double(runs.count))
        runs[name] = LineageGraph.RunNode(
            id: id, name: name, project: "digits", jobType: jobType, state: state, created: created)
        for used in uses { edges.append(LineageGraph.Edge(from: try node(used), to: .run(id))) }
        for logged in logs { edges.append(LineageGraph.Edge(from: .run(id), to: try node(logged))) }
    }

    /// The version or the run of that name.
    func node(_ name: String) throws -> LineageGraph.NodeID {
        let version = versions[name].map { LineageGraph.NodeID.version($0.commitID) }
        return try #require(version ?? runs[name].map { .run($0.id) }, "no node '\(name)'")
    }

    /// The tutorial: five runs, four artifacts.
    static func tutorial() throws -> LineageFixture {
        var fixture = LineageFixture()
        try fixture.version("mnist-raw:v0", "dataset")
        try fixture.version("mnist-preprocess:v0", "dataset")
        try fixture.version("convnet:v0", "model")
        try fixture.version("trained-model:v0", "model", aliases: ["latest", "best"])
        try fixture.run("load-data", "brave-sun-1", logs: ["mnist-raw:v0"])
        try fixture.run(
            "preprocess-data", "swift-river-2", uses: ["mnist-raw:v0"], logs: ["mnist-preprocess:v0"])
        try fixture.run("initialize", "odd-leaf-3", logs: ["convnet:v0"])
        try fixture.run(
            "train", "calm-field-4", uses: ["mnist-preprocess:v0", "convnet:v0"], logs: ["trained-model:v0"])
        try fixture.run("report", "late-star-5", uses: ["mnist-preprocess:v0", "trained-model:v0"])
        return fixture
    }

    /// Versions and runs in one line: `length` runs, each with the version that it logs.
    static func chain(length: Int) throws -> LineageFixture {
        var fixture = LineageFixture()
        for index in 0..<length {
            try fixture.version("step:v\(index)", "data", aliases: [])
            try fixture.run(
                "", "run-\(index)", uses: index == 0 ? [] : ["step:v\(index - 1)"], logs: ["step:v\(index)"])
        }
        return fixture
    }
}

extension LineageGraph {
    /// The names of all nodes, sorted.
    var names: [String] { (versions.map { "\($0.name)" } + runs.map(\.name)).sorted() }
}
