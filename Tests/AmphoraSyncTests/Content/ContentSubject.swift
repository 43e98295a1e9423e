import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport

@testable import Amphora
@testable import AmphoraSync

/// A store with content, a light clone of it, and a remote that has it all.
struct ContentSubject {
    let scratch: Scratch
    let full: Store
    let light: LightClone
    let store: Store
    let remote: FakeRemote

    /// Runs `body` in the full store; then it is cloned.
    init(_ body: (Store, Scratch) throws -> Void) throws {
        scratch = try Scratch()
        full = try Store.create(at: scratch("full"))
        try body(full, scratch)
        light = try LightClone(of: full.path, at: scratch("light.git"))
        store = try Store.open(at: light.folder)
        remote = FakeRemote(light)
    }

    /// The full ID of anything that git finds in the full store.
    func id(_ name: String) throws -> String {
        String(try git("rev-parse", name, in: full.path).dropLast())
    }

    /// Whether nothing but what was already here and this is missing of a version.
    func isHere(_ name: String, paths: [String] = []) throws -> Bool {
        let need = ContentNeed(try store.version(name), paths: try paths.map { try ArtifactPath($0) })
        return try store.pool.with { try ContentSurvey([need], in: $0).isComplete }
    }

    func source(_ remotes: FakeRemote...) -> RemoteContent { RemoteContent(remotes.map(\.origin)) }
}

extension Store {
    /// Logs files as the next version of `data`.
    @discardableResult
    func put(_ files: [String: [UInt8]], basedOn base: String? = nil) throws -> Version {
        var artifact =
            try base.map { Artifact(basedOn: try version($0)) } ?? Artifact(name: "data", type: "dataset")
        for (path, bytes) in files { try artifact.addNewFile(path) { try $0.write(bytes) } }
        return try startRun(project: "p", jobType: "put").log(artifact)
    }
}
