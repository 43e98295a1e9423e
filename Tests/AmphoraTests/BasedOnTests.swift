import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Versions based on others")
struct BasedOnTests {
    @Test("Files of the base need not be on this disk, and are counted")
    func base() throws {
        let test = try TestStore()
        let big = randomBytes(count: 1_500_000, seed: 7)
        let path = try test.scratch.write("big", big)
        var first = try test.artifact(["a": "12", "b/c": "345", "b/d": "6"])
        try first.addFile(path)
        let base = try test.put(first)
        try FileManager.default.removeItem(atPath: path)
        var next = Artifact(basedOn: base)
        try next.addNewFile("b/e") { try $0.write("7890") }
        let version = try test.put(next)
        #expect(version.description == "data:v1")
        #expect(try version.files().map(\.path.description) == ["a", "b/c", "b/d", "b/e", "big"])
        #expect((version.fileCount, version.byteCount) == (5, 1_500_010))
        #expect(try version.read("big") == big)
    }

    @Test("Replaced and removed files count with what they are now")
    func counts() throws {
        let test = try TestStore()
        let base = try test.put(["a": "12", "b/c": "345", "b/d": "6"])
        var replaced = Artifact(basedOn: base)
        try replaced.addNewFile("a") { try $0.write("1234567") }
        try replaced.remove("b/c")
        let version = try test.put(replaced)
        #expect((version.fileCount, version.byteCount) == (2, 8))
        #expect(try version.files().reduce(0) { $0 + ($1.byteCount ?? 0) } == 8)
        var folder = Artifact(basedOn: base)
        try folder.remove("b")
        try folder.addNewFile("b") { try $0.write("a file now") }
        let second = try test.put(folder)
        #expect((second.fileCount, second.byteCount) == (2, 12))
        #expect(try second.files().map(\.path.description) == ["a", "b"])
    }

    @Test("A base without changes makes no version of the same artifact")
    func unchanged() throws {
        let test = try TestStore()
        let base = try test.put(["a": "1"])
        #expect(try test.put(Artifact(basedOn: base)) == base)
    }

    @Test("Description and metadata are inherited unless they are given")
    func inheritance() throws {
        let test = try TestStore()
        let base = try test.put(["a": "1"], description: "first\n\nbody", metadata: ["n": 1])
        var inheriting = Artifact(basedOn: base)
        try inheriting.addNewFile("b") { _ in }
        let heir = try test.put(inheriting)
        #expect(heir.note == "first\n\nbody")
        #expect(heir.metadata == ["n": 1])
        #expect(heir.type == base.type)
        var other = Artifact(basedOn: base, description: "second", metadata: ["m": 2])
        try other.addNewFile("c") { _ in }
        let changed = try test.put(other)
        #expect(changed.note == "second")
        #expect(changed.metadata == ["m": 2])
    }

    @Test("A base of another artifact begins a new artifact with its files")
    func otherArtifact() throws {
        let test = try TestStore()
        let base = try test.put(["a": "1"])
        let version = try test.put(Artifact(basedOn: base, name: "model", type: "model"))
        #expect(version.description == "model:v0")
        #expect(version.treeID == base.treeID)
        #expect(version.type.rawValue == "model")
    }

    @Test("Removing what the base does not have is an error when it is logged")
    func removeNothing() throws {
        let test = try TestStore()
        var artifact = Artifact(basedOn: try test.put(["a": "1"]))
        try artifact.remove("b")
        let error = try failure { try test.put(artifact) }
        #expect(error.code == .notFound)
        #expect(error.message == "there is no file or folder 'b'")
    }

    @Test("A file where the base has a folder is a conflict, and the other way round")
    func conflict() throws {
        let test = try TestStore()
        let base = try test.put(["a": "1", "b/c": "2"])
        var file = Artifact(basedOn: base)
        try file.addNewFile("b") { _ in }
        let error = try failure { try test.put(file) }
        #expect(error.message == "cannot put a file at 'b': there is a folder of that name")
        var folder = Artifact(basedOn: base)
        try folder.addNewFile("a/x") { _ in }
        #expect(try failure { try test.put(folder) }.code == .conflict)
    }

    @Test("Part of a chunked file can be neither removed nor replaced")
    func insideChunkedFile() throws {
        let test = try TestStore()
        var first = Artifact(name: "data", type: "dataset")
        try first.addFile(test.scratch.write("big", randomBytes(count: 1_200_000, seed: 8)))
        let base = try test.put(first)
        var removing = Artifact(basedOn: base)
        try removing.remove("big/000000")
        #expect(try failure { try test.put(removing) }.code == .notFound)
        var adding = Artifact(basedOn: base)
        try adding.addNewFile("big/000000/000") { _ in }
        #expect(try failure { try test.put(adding) }.code == .conflict)
        #expect(try test.refs("refs/tags") == ["refs/tags/data/v0"])
    }
}
