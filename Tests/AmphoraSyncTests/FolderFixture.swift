import AmphoraGit
import AmphoraObjects
import AmphoraStore
import Foundation
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

/// A store, and room for repositories beside it that it exchanges objects with.
struct FolderFixture {
    let scratch: Scratch
    let store: Store

    init() throws {
        scratch = try Scratch()
        store = try Self.makeStore(at: scratch("local"))
    }

    static func makeStore(at path: String, isBare: Bool = false) throws -> Store {
        var surroundings = Surroundings()
        surroundings.author = ("Test User", "test@example.com")
        surroundings.now = { Date(timeIntervalSince1970: 981_173_106) }
        return try Store.create(at: path, isBare: isBare, surroundings: surroundings)
    }

    /// An empty bare repository of git's.
    func makeRemote(_ name: String = "remote.git") throws -> String {
        try git("init", "--quiet", "--bare", name, in: scratch.path)
        return scratch(name)
    }

    /// A bare repository of git's to which all of the store was pushed.
    func makeFullRemote(_ name: String = "remote.git") throws -> String {
        let path = try makeRemote(name)
        let result = try push(to: path)
        #expect(result.outcomes.values.allSatisfy { $0 == .done })
        return path
    }

    /// Logs files in a run with some history.
    @discardableResult
    static func log(_ name: String, _ files: [String: [UInt8]], in store: Store) throws -> Version {
        let run = try store.startRun(project: "test", jobType: "train")
        var artifact = Artifact(name: name, type: "dataset")
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try artifact.addNewFile(path) { try $0.write(bytes) }
        }
        let version = try run.log(artifact)
        for step in 0..<3 { try run.log(metrics: ["loss": .double(1 / Double(step + 2))]) }
        try run.finish()
        return version
    }

    /// Files small and large, alike and not.
    static func files(seed: UInt64) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = ["big": randomBytes(count: 3 << 20, seed: seed)]
        for index in 0..<60 {
            files["folder \(index % 3)/\(index).txt"] = Array(
                String(repeating: "line \(index)\n", count: index * 20).utf8)
        }
        files["seed"] = Array("\(seed)".utf8)
        return files
    }

    static func refs(of path: String) throws -> [RefName: ObjectID] {
        let lines = try git("for-each-ref", "--format=%(refname) %(objectname)", in: path)
            .split(separator: "\n").map { $0.split(separator: " ") }
        return try Dictionary(
            uniqueKeysWithValues: lines.map {
                (RefName(existing: String($0[0])), try ObjectID(hex: String($0[1])))
            })
    }

    /// What it takes to make the refs of a remote those of a store.
    static func changes(from store: Store, to transport: FolderTransport) throws -> [RefChange] {
        let there = try transport.references().targets
        return try refs(of: store.path).sorted { $0.key < $1.key }.compactMap { name, target in
            there[name] == target ? nil : RefChange(name, from: there[name], to: target)
        }
    }

    @discardableResult
    func push(to path: String) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) {
        try Self.push(store, to: path)
    }

    @discardableResult
    static func push(
        _ store: Store, to path: String
    ) throws -> (outcomes: [RefName: PushOutcome], size: TransferSize) {
        let transport = try FolderTransport(to: path, for: store)
        return try transport.push(changes(from: store, to: transport), progress: nil)
    }

    /// Fetches everything into a new store, or what is missing of it, and takes over the refs.
    static func fetch(_ path: String, into store: Store, withContent: Bool = true) throws {
        let transport = try FolderTransport(to: path, for: store)
        let there = try transport.references().targets
        let isRun = { (name: RefName) in name.run != nil }
        let commits = there.filter { !isRun($0.key) }.values
        _ = try transport.fetch(.commits(Array(Set(commits))), progress: nil)
        _ = try transport.fetch(.runs(there.filter { isRun($0.key) }.map(\.value), known: []), progress: nil)
        if withContent {
            let trees = try store.pool.with { repository in
                try Set(commits.map { try repository.commit(CommitID($0)).treeID.objectID })
            }
            _ = try transport.fetch(.trees(Array(trees)), progress: nil)
            _ = try transport.fetch(.content(trees: Array(trees), blobs: []), progress: nil)
        }
        let here = try refs(of: store.path)
        let changes = there.filter { here[$0.key] != $0.value }
            .map { RefChange($0.key, from: here[$0.key], to: $0.value) }
        try store.pool.with { try ReferenceStore($0).apply(changes, reason: "test") }
    }

    /// Whether git and the store itself find nothing wrong.
    static func check(_ store: Store, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try fsck(store.path, sourceLocation: sourceLocation)
        let verification = try store.verify()
        #expect(verification.isSound, "\(verification.damages)", sourceLocation: sourceLocation)
    }

    /// Git fetches nothing by itself.
    private static let offline = ["GIT_ALLOW_PROTOCOL": "none"]

    static func fsck(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let result = try run(
            "git", ["fsck", "--strict", "--full", "--no-dangling"], in: path, environment: offline)
        let wrong = (result.output + result.error).split(separator: "\n").filter { !$0.hasPrefix("notice: ") }
        #expect(result.status == 0 && wrong.isEmpty, "\(wrong)", sourceLocation: sourceLocation)
    }

    /// What a tree, commit or tag of a repository names, by git.
    static func objects(of path: String) throws -> Set<String> {
        let result = try run(
            "git", ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"], in: path,
            environment: offline)
        return Set(result.output.split(separator: "\n").map(String.init))
    }

    /// The files of a folder `objects` that are temporary.
    static func leftovers(in path: String) throws -> String {
        try run("find", ["objects", "-name", "tmp*"], in: path).output
    }
}
