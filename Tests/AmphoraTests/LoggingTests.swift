import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Logging versions")
struct LoggingTests {
    @Test("Numbers count from 0 and latest follows")
    func numbers() throws {
        let test = try TestStore()
        for index in 0..<12 {
            let version = try test.put(["a": "\(index)"])
            #expect(version.description == "data:v\(index)")
            #expect(try test.store.version("data").name == version.name)
        }
        #expect(try test.refs("refs/tags").count == 12)
        #expect(
            try test.store.versions(of: ArtifactName("data")).map(\.name.number.rawValue) == Array(0..<12))
    }

    @Test("A version is a parentless commit whose tree is exactly the files")
    func commit() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1", "b/c": "23"])
        #expect(try git("rev-list", "--count", "data/v0", in: test.folder) == "1\n")
        #expect(try git("ls-tree", "-r", "--name-only", "data/v0", in: test.folder) == "a\nb/c\n")
        #expect(try git("rev-parse", "data/v0^{tree}", in: test.folder) == "\(version.treeID)\n")
        #expect((version.fileCount, version.byteCount) == (2, 3))
    }

    @Test("Identical content makes no version; its run is a producer and its aliases move")
    func identical() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"], aliases: ["best"])
        let other = try test.put(["a": "2"], aliases: ["best"])
        let run = try test.startRun()
        let again = try run.log(test.artifact(["a": "2"], description: "other words"), aliases: ["again"])
        #expect(again == other)
        #expect(try test.refs("refs/tags").count == 2)
        #expect(try again.aliases().map(\.rawValue) == ["latest", "again", "best"])
        #expect(try first.aliases().isEmpty)
        let link = try #require(try test.store.run(run.id.rawValue).links.first)
        #expect((link.commitID, link.role) == (other.commitID, .output))
        #expect(try test.store.runs().count { $0.links.contains { $0.commitID == other.commitID } } == 2)
        #expect(again.producerID != run.id)
    }

    @Test("Content equal to an older version makes a new number with the same tree")
    func backToOlder() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"])
        try test.put(["a": "2"])
        let third = try test.put(["a": "1"])
        #expect(third.description == "data:v2")
        #expect(third.treeID == first.treeID)
        #expect(try test.store.version("data:latest").name == third.name)
    }

    @Test("Another type is an error that names both, before any file is stored or run linked")
    func otherType() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        let objects = try git("count-objects", in: test.folder)
        let artifact = try test.artifact("data", type: "model", ["a": "2"])
        let error = try failure { _ = try test.store.stage(artifact) }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "'data' is of type 'dataset', not 'model'")
        #expect(error.hint == "Use the type 'dataset', or another name.")
        #expect(try git("count-objects", in: test.folder) == objects)
    }

    @Test("The type stays that of the first version even when that is deleted")
    func typeOfDeleted() throws {
        let test = try TestStore()
        try test.store.remove(test.put(["a": "1"]))
        let error = try failure { try test.put("data", type: "model", ["a": "1"]) }
        #expect(error.message == "'data' is of type 'dataset', not 'model'")
    }

    @Test("An artifact without files is refused")
    func empty() throws {
        let test = try TestStore()
        let error = try failure { try test.put([:]) }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "there are no files for 'data'")
        #expect(try test.refs("refs/tags").isEmpty)
    }

    @Test("An artifact all of whose files are taken out is refused")
    func emptied() throws {
        let test = try TestStore()
        var artifact = Artifact(basedOn: try test.put(["a/b": "1"]))
        try artifact.remove("a")
        let error = try failure { try test.put(artifact) }
        #expect(error.message == "there are no files for 'data'")
    }

    @Test(
        "Metadata that is not finite is refused with its path",
        arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(value: Double) throws {
        let test = try TestStore()
        let error = try failure {
            try test.put(["a": "1"], metadata: ["fine": 1, "list": [0, ["deep": .double(value)]]])
        }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "the metadata of 'data' is not finite at 'list[1].deep'")
    }

    @Test("Metadata may be one mebibyte long and not a byte more")
    func metadataLength() throws {
        let test = try TestStore()
        let overhead = #"{"k":""}"#.utf8.count
        let longest = String(repeating: "x", count: (1 << 20) - overhead)
        #expect(try test.put(["a": "1"], metadata: ["k": .string(longest)]).description == "data:v0")
        let error = try failure { try test.put(["a": "2"], metadata: ["k": .string("\(longest)x")]) }
        #expect(error.message == "the metadata of 'data' is 1048577 bytes long, the limit is 1048576")
        #expect(error.hint == "Put it into a file of the artifact.")
    }

    @Test("NUL in a description is refused, since git ends a message there")
    func nul() throws {
        let test = try TestStore()
        let error = try failure { try test.put(["a": "1"], description: "a\0b") }
        #expect(error.message == "the description of 'data' holds a NUL character")
    }

    @Test(
        "Names, types and aliases that break a rule are refused before a file is read",
        arguments: [
            ("a b", "t", "x", "artifact name 'a b' contains ' '"),
            ("", "t", "x", "artifact name is empty"), ("ok", "t/u", "x", "artifact type 't/u' contains '/'"),
            ("ok", "t", "v3", "alias 'v3' looks like a version number"),
            ("ok", "t", "-x", "alias '-x' starts with '.' or '-'"),
        ] as [(String, String, String, String)])
    func words(name: String, type: String, alias: String, message: String) throws {
        let test = try TestStore()
        let error = try failure { try test.put(name, type: type, ["a": "1"], aliases: [alias]) }
        #expect(error.code == .invalidArgument)
        #expect(error.message == message)
        #expect(try test.refs("refs/tags").isEmpty)
    }

    @Test("Asking for the alias latest changes nothing: it is set anyway")
    func latestAlias() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"], aliases: ["latest", "best"])
        #expect(try version.aliases().map(\.rawValue) == ["latest", "best"])
    }

    @Test(
        "A file that changes between being added and logged is an error that names it",
        arguments: [3, 2_000_000])
    func changedFile(byteCount: Int) throws {
        let test = try TestStore()
        let path = try test.scratch.write("file", randomBytes(count: byteCount, seed: 1))
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addFile(path)
        try test.scratch.write("file", randomBytes(count: byteCount, seed: 2))
        let error = try failure { try test.put(artifact) }
        #expect(error.code == .conflict)
        #expect(error.message == "'\(path)' changed after it was added, or while it was read")
        #expect(try test.refs("refs/tags").isEmpty)
        #expect(try test.refs("refs/heads").isEmpty)
    }

    @Test("A file that is gone when it is logged is an error that names it")
    func goneFile() throws {
        let test = try TestStore()
        let path = try test.scratch.write("file", "1")
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addFile(path)
        try FileManager.default.removeItem(atPath: path)
        let error = try failure { try test.put(artifact) }
        #expect(error.message.contains(path))
        #expect(try test.refs("refs/tags").isEmpty)
    }

    @Test("Logging the same big file again reads nothing anew and stores nothing")
    func again() throws {
        let test = try TestStore()
        let path = try test.scratch.write("file", randomBytes(count: 3_000_000, seed: 3))
        func artifact(_ name: String) throws -> Artifact {
            var artifact = Artifact(name: name, type: "dataset")
            try artifact.addFile(path)
            return artifact
        }
        let first = try test.put(artifact("one"))
        let second = try test.put(artifact("two"))
        #expect(first.treeID == second.treeID)
        #expect(try second.read("file") == test.scratch.read("file"))
    }
}
