import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Differences of versions")
struct DiffTests {
    @Test("Files added, removed and changed are told, sorted, with their lengths and new bytes")
    func files() throws {
        let test = try TestStore()
        let old = try test.put(["same": "1", "b/gone": "12", "changed": "123", "moved": "moved"])
        let new = try test.put(["same": "1", "changed": "4567", "a/new": "56789", "renamed": "moved"])
        let diff = try test.store.diff(old, new)
        let told = diff.files.map { file in
            "\(file.kind.rawValue) \(file.path) \(file.oldByteCount ?? -1) \(file.newByteCount ?? -1) "
                + "\(file.newBytes ?? -1) \(file.sharedChunkCount)/\(file.chunkCount)"
        }
        #expect(
            told == [
                "added a/new -1 5 5 0/1", "removed b/gone 2 -1 0 0/0", "changed changed 3 4 4 0/1",
                "removed moved 5 -1 0 0/0", "added renamed -1 5 0 1/1",
            ])
        #expect((diff.unchangedFileCount, diff.newBytes) == (1, 9))
    }

    @Test("The executable bit alone is a change without new bytes", arguments: [10, 1_200_000])
    func executable(byteCount: Int) throws {
        let test = try TestStore()
        let path = try test.scratch.write("tool", randomBytes(count: byteCount, seed: 4))
        let versions = try [0o644, 0o755].map { permissions in
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
            var artifact = Artifact(name: "data", type: "dataset")
            try artifact.addFile(path)
            return try test.put(artifact)
        }
        #expect(versions.map(\.description) == ["data:v0", "data:v1"])
        let diff = try test.store.diff(versions[0], versions[1])
        #expect(diff.files.map(\.kind) == [.changed])
        #expect(diff.newBytes == 0)
        #expect(diff.files.allSatisfy { $0.sharedChunkCount == $0.chunkCount })
    }

    @Test("A change in the middle of a chunked file shares the chunks around it")
    func chunks() throws {
        let test = try TestStore()
        var bytes = randomBytes(count: 2_000_000, seed: 5)
        func version() throws -> Version {
            var artifact = Artifact(name: "data", type: "dataset")
            try artifact.addNewFile("big") { try $0.write(bytes) }
            return try test.put(artifact)
        }
        let old = try version()
        bytes.insert(contentsOf: [1, 2, 3], at: 1_000_000)
        let diff = try test.store.diff(old, version())
        let file = try #require(diff.files.first)
        #expect((file.kind, file.oldByteCount, file.newByteCount) == (.changed, 2_000_000, 2_000_003))
        #expect(file.chunkCount > 15)
        #expect(file.chunkCount - file.sharedChunkCount <= 2)
        #expect(file.sharedChunkCount < file.chunkCount)
        let newBytes = try #require(file.newBytes)
        #expect(newBytes > 3 && newBytes <= 2 * 256 << 10)
    }

    @Test("Metadata fields added, removed and changed are told, sorted")
    func metadata() throws {
        let test = try TestStore()
        let old = try test.put(
            ["a": "1"], description: "x", metadata: ["same": 1, "gone": true, "changed": [1]])
        let new = try test.put(
            ["a": "2"], description: "y", metadata: ["same": 1, "new": "n", "changed": [2]])
        let diff = try test.store.diff(old, new)
        #expect(
            diff.metadata == [
                .init(key: "changed", old: [1], new: [2]), .init(key: "gone", old: true, new: nil),
                .init(key: "new", old: nil, new: "n"),
            ])
        #expect(diff.isDescriptionChanged)
        #expect(try !test.store.diff(old, old).isDescriptionChanged)
    }

    @Test("A version does not differ from itself, nor from the same content elsewhere")
    func nothing() throws {
        let test = try TestStore()
        let version = try test.put("one", ["a": "1", "b/c": "2"])
        for other in [version, try test.put("two", ["a": "1", "b/c": "2"])] {
            let diff = try test.store.diff(version, other)
            #expect(diff.files.isEmpty && diff.metadata.isEmpty)
            #expect((diff.unchangedFileCount, diff.newBytes) == (2, 0))
        }
    }

    @Test("A file that became a folder is one removed and one added")
    func fileToFolder() throws {
        let test = try TestStore()
        let old = try test.put(["a": "1"])
        let diff = try test.store.diff(old, test.put(["a/b": "1"]))
        #expect(diff.files.map { "\($0.kind) \($0.path)" } == ["removed a", "added a/b"])
        #expect(diff.newBytes == 0)
    }
}
