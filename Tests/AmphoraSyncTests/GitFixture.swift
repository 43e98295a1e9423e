import Amphora
import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraSync

/// A store, and bare repositories that git reaches by `file://`.
struct GitFixture {
    let scratch: Scratch
    let store: Store

    init() throws {
        scratch = try Scratch()
        try scratch.write("home/.keep", "")
        store = try Self.makeStore(scratch("a"))
    }

    static func makeStore(_ path: String) throws -> Store {
        var surroundings = Surroundings()
        surroundings.now = { Date(timeIntervalSince1970: 981_173_106) }
        surroundings.author = ("Test User", "test@example.com")
        surroundings.host = "elsewhere.example"
        surroundings.processID = 1234
        return try Store.create(at: path, surroundings: surroundings)
    }

    /// Another store, empty.
    func another(_ name: String = "b") throws -> Store { try Self.makeStore(scratch(name)) }

    /// Logs a version in a run of its own.
    @discardableResult
    func put(_ name: String, _ files: [String: [UInt8]], in store: Store? = nil) throws -> Version {
        var artifact = Artifact(name: name, type: "dataset")
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try artifact.addNewFile(path) { try $0.write(bytes) }
        }
        let run = try (store ?? self.store).startRun(project: "test", jobType: "put")
        let version = try run.log(artifact)
        try run.finish()
        return version
    }

    /// Makes a bare repository with what a store has, and settings, and returns its address.
    func host(
        _ name: String = "remote.git", copying store: Store? = nil, settings: [String: String] = [:]
    ) throws -> String {
        try git("init", "--quiet", "--bare", scratch(name), in: scratch.path)
        for (key, value) in settings { try git("config", key, value, in: scratch(name)) }
        if let store {
            try git("push", "--quiet", scratch(name), "refs/tags/*:refs/tags/*", in: store.path)
            try git(
                "push", "--quiet", scratch(name), "refs/heads/*:refs/heads/*", "refs/notes/*:refs/notes/*",
                in: store.path)
            // As a root that is not shallow.
            let root = try git("rev-parse", "refs/amphora/root", in: store.path).dropLast()
            let copy =
                "git cat-file commit \(root) | git --git-dir='\(scratch(name))' hash-object -tcommit -w --stdin"
            #expect(try run("sh", ["-c", copy], in: store.path).status == 0)
            try git("mktree", "--missing", in: scratch(name))
            try git("update-ref", "refs/amphora/root", String(root), in: scratch(name))
        }
        return "file://\(scratch(name))"
    }

    /// What servers need to serve light clones.
    static let serving = ["uploadpack.allowFilter": "true"]

    func network(_ environment: [String: String] = [:]) -> Network {
        Network(
            environment: hermeticEnvironment(home: scratch("home")).merging(environment) { $1 },
            mayAsk: false)
    }

    func transport(
        _ url: String, for store: Store? = nil, environment: [String: String] = [:],
        stageByteCount: Int = 256 << 20
    ) throws -> GitTransport {
        try GitTransport(
            to: url, named: "origin", for: store ?? self.store, through: network(environment),
            stageByteCount: stageByteCount)
    }

    /// All objects of a repository.
    func objects(_ path: String) throws -> Set<String> {
        Set(
            try git(
                "cat-file", "--batch-check=%(objectname) %(objecttype)", "--batch-all-objects", in: path
            ).split(separator: "\n").map(String.init))
    }

    /// How many objects of each kind a store has beyond those of an empty one.
    func kinds(_ store: Store) throws -> [String: Int] {
        try objects(store.path).reduce(into: [:]) { kinds, line in
            kinds[String(line.split(separator: " ")[1]), default: 0] += 1
        }.merging(["commit": -1, "tree": -1], uniquingKeysWith: +).filter { $0.value != 0 }
    }

    /// What can be reached from some objects and not from others.
    func reachable(
        _ ids: [ObjectID], butNot others: [ObjectID] = [], in store: Store
    ) throws -> Set<String> {
        let arguments = ids.map(\.description) + others.map { "^\($0)" }
        let result = try run(
            "git", ["rev-list", "--objects-edge-aggressive", "--no-object-names"] + arguments, in: store.path)
        return Set(result.output.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("-") })
    }

    func id(_ name: String, in path: String) throws -> ObjectID {
        try ObjectID(hex: git("rev-parse", name, in: path))
    }

    /// What it takes to make a remote's refs those of a store.
    func changes(
        from store: Store? = nil, to references: RemoteReferences = RemoteReferences(targets: [:])
    ) throws -> [RefChange] {
        let refs = try (store ?? self.store).pool.with { try ReferenceStore($0).list("refs/") }
        return refs.filter { !$0.name.rawValue.contains("/staging/") }
            .map { RefChange($0.name, from: references.targets[$0.name], to: $0.target) }
            .filter { $0.expected != $0.target }.sorted { $0.name.order < $1.name.order }
    }

    func refs(_ path: String) throws -> [String] {
        try git("for-each-ref", "--format=%(objectname) %(refname)", in: path).split(separator: "\n").map(
            String.init)
    }

    func fsck(_ path: String) throws -> String {
        let result = try run("git", ["fsck", "--strict", "--no-dangling"], in: path)
        return result.error.split(separator: "\n").filter { !$0.hasPrefix("notice: ") }.joined()
            + (result.status == 0 ? "" : " status \(result.status)")
    }
}

extension RefName {
    /// Versions, then runs, then aliases.
    fileprivate var order: (Int, String) { (version != nil ? 0 : run != nil ? 1 : 2, rawValue) }
}

/// The error that `body` throws, as people see it.
func report(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> ErrorReport {
    ErrorReport(try #require(throws: (any Error).self, sourceLocation: sourceLocation) { try body() })
}
