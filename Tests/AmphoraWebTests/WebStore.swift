import Amphora
import AmphoraObjects
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestSupport

@testable import AmphoraWeb

/// A store in a scratch folder, and its pages as a browser gets them.
struct WebStore {
    let scratch: Scratch
    let store: Store

    init(_ configure: (inout Surroundings) -> Void = { _ in }) throws {
        scratch = try Scratch()
        let folder = scratch.path
        var surroundings = Surroundings()
        surroundings.now = { Date(timeIntervalSince1970: 981_173_106) }
        surroundings.author = ("Test User", "test@example.com")
        surroundings.user = "tester"
        surroundings.host = "elsewhere.example"
        surroundings.processID = 0  // Runs of nobody, which go on until they are finished.
        surroundings.currentFolder = { folder }
        configure(&surroundings)
        store = try Store.create(at: scratch("project"), isBare: false, surroundings: surroundings)
    }

    /// Logs files as the next version of an artifact.
    @discardableResult
    func put(
        _ name: String, type: String = "dataset", _ files: [String: String], description: String? = nil,
        metadata: [String: JSONValue] = [:], aliases: [String] = []
    ) throws -> Version {
        let run = try store.startRun(project: "test", jobType: "put")
        var artifact = Artifact(name: name, type: type, description: description, metadata: metadata)
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            try artifact.addNewFile(path) { try $0.write(text) }
        }
        let version = try run.log(artifact, aliases: aliases)
        try run.finish()
        return version
    }

    /// Makes an object unreadable.
    func damage(_ id: ObjectID) throws {
        let name = id.description
        let file = scratch("project/.amphora/objects/\(name.prefix(2))/\(name.dropFirst(2))")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: file))
    }

    func server(
        of store: Store? = nil, projectName: String = "project",
        _ configure: (inout WebServer.Configuration) -> Void = { _ in }
    ) throws -> WebServer {
        var configuration = WebServer.Configuration()
        configuration.port = 0
        // What takes long here is mostly waiting for other tests.
        configuration.limits.drawing = .seconds(300)
        configure(&configuration)
        return try WebServer(store ?? self.store, Project(name: projectName), configuration)
    }

    /// Serves while `body` runs, on a thread of its own, and then stops.
    func serving(
        _ configure: (inout Limits) -> Void = { _ in }, projectName: String = "project",
        _ body: @escaping @Sendable (_ port: Int) throws -> Void
    ) async throws {
        let server = try server(projectName: projectName) { configure(&$0.limits) }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let serving = Task {
            try await server.run { address in
                continuation.yield(URL(string: address)?.port ?? 0)
            }
        }
        for await port in ports {
            defer { serving.cancel() }
            try await blocking { try body(port) }
            serving.cancel()
            return try await serving.value
        }
    }

    /// What a browser gets.
    struct Reply {
        let status: Int
        let headers: HTTPFields
        let body: String

        init(_ response: TestResponse) {
            status = response.status.code
            headers = response.headers
            body = String(buffer: response.body)
        }
    }

    /// Asks for some addresses, one after the other.
    func getAll(
        _ addresses: [String], of store: Store? = nil, headers: HTTPFields = [:]
    ) async throws -> [Reply] {
        try await server(of: store).application().test(.live) { client in
            var replies: [Reply] = []
            for address in addresses {
                replies.append(Reply(try await client.execute(uri: address, method: .get, headers: headers)))
            }
            return replies
        }
    }

    func get(_ address: String, headers: HTTPFields = [:]) async throws -> Reply {
        try await getAll([address], headers: headers)[0]
    }
}
