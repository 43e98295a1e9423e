import Amphora
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AmphoraWeb

/// Pages of a store in which objects are damaged.
@Suite struct DamagedPagesTests {
    /// A file of the store's repository, as it was.
    private struct Object {
        let path: String
        let bytes: Data

        init(_ name: String, in store: WebStore) throws {
            let folder = store.scratch("project/.amphora")
            let id = try git("rev-parse", name, in: folder).dropLast()
            path = "\(folder)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
            bytes = try Data(contentsOf: URL(filePath: path))
        }

        func damage() throws {
            try FileManager.default.removeItem(atPath: path)
            try Data("damaged".utf8).write(to: URL(filePath: path))
        }

        func mend() throws { try bytes.write(to: URL(filePath: path)) }
    }

    private func store() throws -> (WebStore, badRun: RunID) {
        let store = try WebStore()
        try store.put("commit", ["x": "1"])
        try store.put("commit", ["x": "2"])
        try store.put("tree", ["x": "3"])
        try store.put("folder", ["sub/x": "4", "y": "5"])
        try store.put("blob", ["x": "6"])
        try store.put("blob", ["x": "7"])
        try store.put("sound", ["x": "8"])
        let run = try store.store.startRun(project: "p", jobType: "bad")
        try run.finish()
        return (store, run.id)
    }

    @Test(arguments: [true, false])
    func whatIsDamagedSaysSoAndAllElseWorks(_ isKnownBefore: Bool) async throws {
        let (store, badRun) = try store()
        if isKnownBefore { _ = try await store.get("/") }
        for name in [
            "commit/v1", "tree/v0^{tree}", "folder/v0:sub", "blob/v0:x", "refs/notes/runs/\(badRun)",
        ] {
            try Object(name, in: store).damage()
        }
        if !isKnownBefore {
            for suffix in ["", "-wal", "-shm"] {
                let path = store.scratch("project/.amphora/amphora/index.sqlite\(suffix)")
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        let reopened = try Store.open(
            at: store.scratch("project"), surroundings: store.store.surroundings)
        var damaged = [
            "/artifacts/tree/v0/files": "tree:v0",
            "/artifacts/tree/v0/files/x": "tree:v0", "/artifacts/folder/v0/files/sub": "folder:v0",
            "/artifacts/blob/v0/files/x": "'x' of blob:v0", "/artifacts/blob/v0/download/x": "'x' of blob:v0",
            "/artifacts/blob/v1/compare?with=v0": "object", "/runs/\(badRun)/charts": "object",
            "/api/v1/artifacts/tree/versions/v0/files": "tree:v0",
        ]
        // What a commit says is remembered.
        if !isKnownBefore { damaged["/artifacts/commit/v1"] = "commit:v1" }
        let sound = [
            "/", "/runs", "/lineage", "/lineage/list", "/lineage/grouped", "/search?q=x", "/api/v1",
            "/api/v1/runs",
            "/artifacts/commit", "/artifacts/commit/v0/files/x", "/artifacts/tree/v0", "/artifacts/folder/v0",
            "/artifacts/blob/v0", "/artifacts/blob/v1/files/x", "/artifacts/sound/v0/files/x",
            "/artifacts/sound/v0/download/x", "/api/v1/artifacts",
        ]
        let damagedReplies = try await store.getAll(Array(damaged.keys), of: reopened)
        for ((path, words), reply) in zip(damaged, damagedReplies) {
            #expect(reply.status == 500, "\(path)")
            #expect(reply.body.contains("damaged"), "\(path): \(reply.body)")
            #expect(
                reply.body.replacing("&#39;", with: "'").replacing("&#x27;", with: "'").lowercased().contains(
                    words), "\(path): \(reply.body)")
            #expect(reply.body.contains("amphora verify"), "\(path): \(reply.body)")
            #expect(reply.body.contains("To the project") || path.hasPrefix("/api"), "\(path)")
            #expect(!reply.body.contains(store.scratch.path), "\(path)")
        }
        for (path, reply) in zip(sound, try await store.getAll(sound, of: reopened)) {
            #expect(reply.status == 200, "\(path): \(reply.body)")
        }
    }

    @Test func damageIsLookedAtAgainNowAndThen() throws {
        let (store, _) = try store()
        let object = try Object("commit/v1", in: store)
        try object.damage()
        let seconds = Mutex(0.0)
        var surroundings = store.store.surroundings
        surroundings.now = { Date(timeIntervalSinceReferenceDate: seconds.withLock { $0 }) }
        let current = CurrentCatalogue(
            try Store.open(at: store.scratch("project"), surroundings: surroundings))
        let before = try current()
        #expect(before.snapshot.damage.count == 1)
        try object.mend()
        #expect(try current().snapshot.damage.count == 1)
        // A ref that moves has all of it looked at.
        try store.put("other", ["x": "1"])
        #expect(try current().snapshot.damage.isEmpty)
        #expect(try current().tag != before.tag)
        // Without one, time does.
        try object.damage()
        try store.put("other", ["x": "2"])
        let damaged = try CurrentCatalogue(
            Store.open(at: store.scratch("project"), surroundings: surroundings))
        try? FileManager.default.removeItem(atPath: store.scratch("project/.amphora/amphora/index.sqlite"))
        #expect(try damaged().snapshot.damage.count == 1)
        try object.mend()
        #expect(try damaged().snapshot.damage.count == 1)
        seconds.withLock { $0 += 10 }
        #expect(try damaged().snapshot.damage.isEmpty)
    }
}
