import Amphora
import AmphoraObjects
import AmphoraSync
import Foundation
import TestSupport
import Testing

/// How a remote is reached.
enum Way: String, CaseIterable, CustomTestStringConvertible {
    /// In process.
    case folder
    /// By the program git.
    case git

    var testDescription: String { rawValue }

    func address(of path: String) -> String { self == .folder ? path : "file://\(path)" }
}

/// A bare repository and stores that exchange what they have through it.
struct SyncedStores {
    let scratch: Scratch
    let way: Way
    /// The remote's folder.
    var bare: String { scratch("remote.git") }
    var address: String { way.address(of: bare) }
    var network: Network { Network(environment: hermeticEnvironment(home: scratch.path), mayAsk: false) }

    /// Makes the remote: a plain bare repository.
    init(_ way: Way) throws {
        self.way = way
        scratch = try Scratch()
        try git("init", "--bare", "-q", "remote.git", in: scratch.path)
        for key in ["uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"] {
            try git("config", key, "true", in: bare)
        }
    }

    func surroundings(_ user: String) -> Surroundings {
        var surroundings = Surroundings()
        surroundings.now = { Date(timeIntervalSince1970: 981_173_106) }
        surroundings.author = (user, "\(user)@example.com")
        surroundings.user = user
        surroundings.host = "\(user).example"
        let folder = scratch.path
        surroundings.currentFolder = { folder }
        return surroundings
    }

    /// A store of somebody's, with the remote `origin`.
    func store(_ user: String) throws -> Store {
        let store = try Store.create(at: scratch(user), surroundings: surroundings(user))
        try store.addRemote("origin", at: address, through: network)
        return store
    }

    /// A clone of the remote.
    func clone(_ user: String) throws -> Store {
        try Store.clone(
            from: address, to: scratch(user), surroundings: surroundings(user), through: network
        ).store
    }

    func origin(of store: Store) throws -> Remote { try store.remote("origin", through: network) }

    /// Versions, aliases and runs with what they point at, as git has them.
    func refs(in folder: String) throws -> [String: String] {
        let text = try git(
            "for-each-ref", "--format=%(refname) %(objectname)", "refs/tags", "refs/heads", "refs/notes",
            in: folder)
        return Dictionary(
            uniqueKeysWithValues: text.split(separator: "\n").map { line in
                let parts = line.split(separator: " ")
                return (String(parts[0]), String(parts[1]))
            })
    }

    /// The subjects of the versions by name, without the runs' IDs: `data:v0` → `data: first`.
    func subjects(in folder: String) throws -> [String: String] {
        let text = try git("for-each-ref", "--format=%(refname:lstrip=2) %(subject)", "refs/tags", in: folder)
        return Dictionary(
            uniqueKeysWithValues: text.split(separator: "\n").map { line in
                let parts = line.split(separator: " ", maxSplits: 1)
                return (String(parts[0]).replacing("/", with: ":"), String(parts[1]))
            })
    }

    /// What git finds wrong.
    func fsck(_ folder: String) throws -> String {
        let result = try run("git", ["fsck", "--strict", "--no-dangling", "--full"], in: folder)
        let wrong = result.error.split(separator: "\n").filter { !$0.hasPrefix("notice: ") }
        return result.status == 0
            ? wrong.joined(separator: "\n") : "\(result.status): \(result.error)\(result.output)"
    }
}

extension Store {
    /// Logs text files in a run of their own, with a description.
    @discardableResult
    func put(
        _ name: String, _ description: String, _ files: [String: String] = [:], aliases: [String] = [],
        using inputs: [String] = []
    ) throws -> Version {
        let run = try startRun(project: "test", jobType: "make", name: description)
        for input in inputs { try run.use(input) }
        var artifact = Artifact(name: name, type: "dataset", description: description)
        for (path, text) in files.isEmpty ? ["file": description] : files {
            try artifact.addNewFile(path) { try $0.write(text) }
        }
        let version = try run.log(artifact, aliases: aliases)
        try run.finish()
        return version
    }
}

/// The error that `body` throws, as people see it.
func failure(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> ErrorReport {
    ErrorReport(try #require(throws: (any Error).self, sourceLocation: sourceLocation) { try body() })
}
