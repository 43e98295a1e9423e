import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("A store that is damaged in one place")
struct DamagedStoreTests {
    private func remove(_ object: String, from test: TestStore) throws {
        let id = try git("rev-parse", object, in: test.folder).dropLast()
        try FileManager.default.removeItem(
            atPath: "\(test.folder)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    }

    @Test("A version whose commit is missing is told of, and all the others go on")
    func missingCommit() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        let second = try test.put(["a": "2"])
        let other = try test.put("other", ["a": "1"])
        try remove("data/v1", from: test)
        let store = try test.reopened()
        var damaged: [VersionName] = []
        #expect(try store.allVersions { damaged.append($0.name) } == [first, other])
        #expect(damaged == [second.name])
        #expect(try store.runs().count == 3)
        #expect(try failure { _ = try store.version("data") }.code == .corrupt)
        let third = try test.put(["a": "3"])
        #expect(third.description == "data:v2")
        try store.remove(second.name)
        #expect(try store.versions(of: ArtifactName("data")) == [first, third])
        #expect(try store.verify().isSound)
    }

    @Test("A run that cannot be read is told of, and all the others go on")
    func missingRun() throws {
        let test = try TestStore()
        let run = try test.store.startRun(project: "p", jobType: "lost")
        let other = try test.store.startRun(project: "p", jobType: "kept")
        try remove("refs/notes/runs/\(run.id)", from: test)
        var damaged: [RunID] = []
        #expect(try test.reopened().runs { damaged.append($0.id) }.map(\.id) == [other.id])
        #expect(damaged == [run.id])
        #expect(try failure { _ = try test.reopened().run(run.id.rawValue) }.code == .corrupt)
    }

    @Test("A ref that a power failure has emptied is found, and stops a put with its name")
    func emptyRef() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try "".write(toFile: "\(test.folder)/refs/tags/data/v1", atomically: false, encoding: .utf8)
        let report = try test.reopened().verify()
        #expect(report.damages.map(\.subject) == ["refs/tags/data/v1"])
        let error = try failure { try test.put(["a": "2"]) }
        #expect(error.code == .corrupt)
        #expect(error.message.contains("refs/tags/data/v1"))
        #expect(error.hint != nil)
    }

    @Test("latest is found by the numbers if its ref is gone, and HEAD is mended by the next put")
    func lostRefs() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        let newest = try test.put(["a": "2"])
        try git("update-ref", "-d", "refs/heads/data/latest", in: test.folder)
        try git("symbolic-ref", "HEAD", "refs/heads/main", in: test.folder)
        #expect(try test.reopened().version("data") == newest)
        try test.put(["a": "2"])
        #expect(try git("symbolic-ref", "HEAD", in: test.folder) == "refs/heads/data/latest\n")
        #expect(try git("rev-parse", "HEAD", in: test.folder) == "\(newest.commitID)\n")
    }

    @Test("A file that is put again brings back a chunk that was deleted")
    func healing() throws {
        let test = try TestStore()
        let path = try test.scratch.write("big", randomBytes(count: 5 << 18, seed: 5))
        // Old enough for the stat cache to remember it.
        Thread.sleep(forTimeInterval: 0.05)
        func put() throws -> Version {
            var artifact = Artifact(name: "data", type: "dataset")
            try artifact.addFile(path)
            return try test.put(artifact)
        }
        let version = try put()
        try remove("data/v0:big/000000/003", from: test)
        #expect(try !test.reopened().verify().isSound)
        #expect(try put() == version)
        #expect(try test.reopened().verify().isSound)
    }

    @Test(
        "A plain branch or tag of an artifact's name is an error, and no version is made",
        arguments: ["branch", "tag"])
    func plainRef(kind: String) throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try git(kind, "plain", "data/v0", in: test.folder)
        let error = try failure { try test.put("plain", ["a": "1"]) }
        #expect(error.code == .conflict)
        #expect(error.message.contains("plain"))
        #expect(try test.store.artifactNames().map(\.rawValue) == ["data"])
    }
}
