import TestSupport
import Testing

@testable import Amphora

@Suite("Deleting versions")
struct RemovingTests {
    @Test("A deleted number is not used again, and latest falls back to the highest number left")
    func newest() throws {
        let test = try TestStore()
        let versions = try (0..<3).map { try test.put(["a": "\($0)"]) }
        try test.store.remove(versions[2])
        #expect(try test.store.version("data") == versions[1])
        #expect(try test.put(["a": "3"]).description == "data:v3")
        #expect(try test.store.version("data").description == "data:v3")
        #expect(
            try test.store.versions(of: ArtifactName("data")).map(\.description) == [
                "data:v0", "data:v1", "data:v3",
            ])
    }

    @Test("Deleting an older version leaves latest where it is")
    func older() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        let second = try test.put(["a": "2"])
        try test.store.remove(first)
        #expect(try test.store.version("data") == second)
    }

    @Test("Content of a deleted newest version makes a new number when it is logged again")
    func contentAgain() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try test.store.remove(test.put(["a": "2"]))
        #expect(try test.put(["a": "2"]).description == "data:v2")
        let last = try test.put(["a": "3"])
        try test.store.remove(last)
        #expect(try test.put(["a": "2"]).description == "data:v2")
    }

    @Test("A deleted version is an error that says who deleted it")
    func deleted() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.put(["a": "2"])
        try test.store.remove(version)
        let error = try failure { _ = try test.store.version("data:v0") }
        #expect(error.code == .notFound)
        #expect(error.message == "data:v0 was deleted by Test User <test@example.com>")
        #expect(error.hint == "`amphora log data` lists its versions, and what was deleted.")
    }

    @Test("The tag points at a tombstone: an empty commit that names what was deleted")
    func tombstone() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.store.remove(version)
        let tombstone = try #require(try test.store.tombstones(of: ArtifactName("data")).first)
        #expect(tombstone.name == version.name)
        #expect(tombstone.deletedID == version.commitID)
        #expect(tombstone.signature.date == TestStore.time)
        #expect(try git("ls-tree", "data/v0", in: test.folder) == "")
        try git("fsck", "--strict", in: test.folder)
    }

    @Test("Aliases that point at a version block deleting it, unless it is forced")
    func blocked() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"], aliases: ["best", "good"])
        try test.put(["a": "2"])
        let error = try failure { try test.store.remove(version) }
        #expect(error.code == .conflict)
        #expect(error.message == "'data:v0' is in use: 'best', 'good' point at it")
        #expect(try test.store.version("data:best") == version)
        try test.store.remove(version, force: true)
        #expect(try test.refs("refs/heads") == ["refs/heads/data/latest"])
    }

    @Test("When all versions are deleted, latest goes, the type stays and numbering goes on")
    func all() throws {
        let test = try TestStore()
        for index in 0..<2 { try test.put(["a": "\(index)"]) }
        for version in try test.store.allVersions() { try test.store.remove(version) }
        #expect(try test.refs("refs/heads").isEmpty)
        let error = try failure { _ = try test.store.version("data") }
        #expect(error.code == .notFound)
        #expect(try test.store.versions(of: ArtifactName("data")).isEmpty)
        #expect(try test.store.verify().isSound)
        #expect(try test.put(["a": "0"]).description == "data:v2")
        #expect(try test.store.version("data").description == "data:v2")
    }

    @Test("A version that is deleted already cannot be deleted again")
    func twice() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.store.remove(version)
        let tag = try git("rev-parse", "data/v0", in: test.folder)
        #expect(try failure { try test.store.remove(version) }.code == .notFound)
        #expect(try git("rev-parse", "data/v0", in: test.folder) == tag)
    }

    @Test("Runs keep their links to a deleted version")
    func links() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let run = try test.startRun()
        try run.use(version)
        try test.store.remove(version)
        let link = try #require(try test.store.run(run.id.rawValue).links.first)
        #expect((link.commitID, link.artifact, link.role) == (version.commitID, "data:v0", .input))
    }
}
