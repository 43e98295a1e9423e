import Foundation
import TestSupport
import Testing

@testable import Amphora

/// A store in a scratch folder, with a fixed identity, clock and machine.
struct TestStore {
    let scratch: Scratch
    let store: Store

    /// What the clock shows: 2001-02-03 04:05:06 UTC.
    static let time = Date(timeIntervalSince1970: 981_173_106)

    init(isBare: Bool = false) throws {
        scratch = try Scratch()
        store = try Store.create(
            at: scratch(isBare ? "bare.git" : "project"), isBare: isBare,
            surroundings: Self.surroundings(in: scratch.path))
    }

    /// The world as the tests have it: the machine is not this one, so that no process is looked for.
    static func surroundings(in folder: String) -> Surroundings {
        var surroundings = Surroundings()
        surroundings.now = { time }
        surroundings.author = ("Test User", "test@example.com")
        surroundings.user = "tester"
        surroundings.host = "elsewhere.example"
        surroundings.processID = 1234
        surroundings.currentFolder = { folder }
        return surroundings
    }

    /// The git repository.
    var folder: String { store.path }

    /// The same store, opened anew, with other surroundings.
    func reopened(_ change: (inout Surroundings) -> Void = { _ in }) throws -> Store {
        var surroundings = Self.surroundings(in: scratch.path)
        change(&surroundings)
        return try Store.open(at: folder, surroundings: surroundings)
    }

    /// An artifact of text files.
    func artifact(
        _ name: String, type: String = "dataset", _ files: [String: String],
        description: String? = nil, metadata: [String: JSONValue] = [:]
    ) throws -> Artifact {
        var artifact = Artifact(name: name, type: type, description: description, metadata: metadata)
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            try artifact.addNewFile(path) { try $0.write(text) }
        }
        return artifact
    }

    /// Logs text files as the next version of an artifact, in a run of their own.
    @discardableResult
    func put(
        _ name: String, type: String = "dataset", _ files: [String: String],
        description: String? = nil, metadata: [String: JSONValue] = [:], aliases: [String] = []
    ) throws -> Version {
        try put(
            artifact(name, type: type, files, description: description, metadata: metadata), aliases: aliases)
    }

    /// An artifact `data` of type `dataset`.
    func artifact(
        _ files: [String: String], description: String? = nil, metadata: [String: JSONValue] = [:]
    ) throws -> Artifact {
        try artifact("data", files, description: description, metadata: metadata)
    }

    /// Logs text files as the next version of `data`, in a run of their own.
    @discardableResult
    func put(
        _ files: [String: String], description: String? = nil, metadata: [String: JSONValue] = [:],
        aliases: [String] = []
    ) throws -> Version {
        try put("data", files, description: description, metadata: metadata, aliases: aliases)
    }

    /// Logs an artifact in a run of its own.
    @discardableResult
    func put(_ artifact: Artifact, aliases: [String] = []) throws -> Version {
        let run = try startRun("put")
        let version = try run.log(artifact, aliases: aliases)
        try run.finish()
        return version
    }

    /// Starts a run of the project `test`.
    func startRun(_ jobType: String = "train") throws -> Run {
        try store.startRun(project: "test", jobType: jobType)
    }

    /// The names of all refs below a prefix.
    func refs(_ prefix: String) throws -> [String] {
        try git("for-each-ref", "--format=%(refname)", prefix, in: folder).split(separator: "\n").map(
            String.init)
    }

    /// The entries of a tree, with the object ID of each path.
    func tree(_ treeish: String) throws -> [String: String] {
        let lines = try git("ls-tree", "-r", treeish, in: folder).split(separator: "\n")
        return lines.reduce(into: [:]) { entries, line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            entries[String(parts[1])] = parts[0].split(separator: " ").last.map(String.init)
        }
    }
}

/// The error that `body` throws, as people see it.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> ErrorReport {
    ErrorReport(try #require(throws: (any Error).self, sourceLocation: sourceLocation) { try body() })
}
