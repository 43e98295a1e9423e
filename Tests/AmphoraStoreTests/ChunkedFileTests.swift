import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@testable import AmphoraStore

/// `Fixtures/Golden/chunked-files.json`.
struct GoldenChunkedFiles: Decodable {
    struct File: Decodable {
        let seed: UInt64
        let byteCount: Int
        let executable: Bool
        let sha256: String
        let chunkCount: Int
        let marker: String
        let groups: [String]
        let tree: String
    }

    struct ChunkIDs: Decodable, CustomTestStringConvertible {
        let name: String
        let seed: UInt64
        let count: Int
        let avoidsZero: Bool
        let groupCounts: [Int]
        let groups: [String]
        let tree: String

        var testDescription: String { name }

        var ids: [BlobID] {
            let bytes = randomBytes(count: 20 * count, seed: seed)
            return (0..<count).map { index in
                var id = Array(bytes[(20 * index)..<(20 * index + 20)])
                if avoidsZero, id[0] == 0 { id[0] = 1 }
                return BlobID(ObjectID(id))
            }
        }
    }

    let files: [File]
    let chunkIDs: [ChunkIDs]

    static let all: GoldenChunkedFiles = {
        do {
            let data = try Data(contentsOf: URL(filePath: "\(fixturesFolder)/Golden/chunked-files.json"))
            return try JSONDecoder().decode(GoldenChunkedFiles.self, from: data)
        } catch {
            preconditionFailure("Fixtures/Golden/chunked-files.json cannot be read: \(error)")
        }
    }()
}

@Suite("Markers of chunked files")
struct ChunkedFileTests {
    private static let sha256 = String(repeating: "0", count: 64)

    @Test("A marker is one line of JSON, as the format shows it, and is read back", arguments: [true, false])
    func roundTrip(isExecutable: Bool) throws {
        let marker = ChunkedFile(isExecutable: isExecutable, sha256: Self.sha256, byteCount: 1_073_741_824)
        let text =
            #"{"chunker":"gear-64k","executable":\#(isExecutable),"kind":"chunked","sha256":"\#(Self.sha256)","size":1073741824}"#
        #expect(marker.encoded == Array("\(text)\n".utf8))
        #expect(try ChunkedFile(decoding: marker.encoded) == marker)
    }

    @Test("A marker of another chunker, or with more fields, is read")
    func lenience() throws {
        let text = #"{"chunker":"x","executable":true,"kind":"chunked","more":[1],"sha256":"ab","size":3}"#
        let marker = try ChunkedFile(decoding: Array(text.utf8))
        #expect(marker == ChunkedFile(isExecutable: true, sha256: "ab", byteCount: 3))
    }

    @Test(
        "A marker that is not one is malformed",
        arguments: [
            "", "x", "[]", "{}", #"{"kind":1}"#, #"{"kind":"chunked"}"#,
            #"{"executable":1,"kind":"chunked","sha256":"x","size":1}"#,
            #"{"executable":true,"kind":"chunked","sha256":1,"size":1}"#,
            #"{"executable":true,"kind":"chunked","sha256":"x","size":-1}"#,
            #"{"executable":true,"kind":"chunked","sha256":"x","size":1.5}"#,
            #"{"executable":true,"kind":"chunked","sha256":"x","size":"1"}"#,
        ])
    func malformed(text: String) {
        let error = #expect(throws: MalformedObject.self) { try ChunkedFile(decoding: Array(text.utf8)) }
        #expect(error?.message.hasPrefix("malformed marker: ") == true)
    }

    @Test("A kind that a later version knows is told apart from damage", arguments: ["reference", "x"])
    func otherKinds(kind: String) {
        let error = #expect(throws: UnsupportedFile.self) {
            try ChunkedFile(decoding: Array(#"{"kind":"\#(kind)"}"#.utf8))
        }
        #expect(error?.message == "the file is kept with the kind '\(kind)', which is not known here")
        #expect(error?.code == .unavailable)
        #expect(error?.hint == "A newer amphora wrote it: update this one.")
    }
}

@Suite("Groups of chunks")
struct ChunkGroupsTests {
    private let writer = MemoryWriter()

    private func finish(_ ids: [BlobID]) throws -> TreeID {
        var groups = ChunkGroups()
        for id in ids { try groups.append(id, to: writer) }
        let marker = ChunkedFile(
            isExecutable: false, sha256: String(repeating: "0", count: 64), byteCount: 1 << 20)
        return try groups.finish(marker, in: writer)
    }

    @Test("The trees are those of the golden vectors", arguments: GoldenChunkedFiles.all.chunkIDs)
    func golden(vector: GoldenChunkedFiles.ChunkIDs) throws {
        let ids = vector.ids
        let treeID = try finish(ids)
        let tree = try #require(try writer.tree(treeID.objectID))
        let groups = try tree.entries.dropFirst().map { try #require(try writer.tree($0.id)) }
        #expect(groups.map(\.entries.count) == vector.groupCounts)
        #expect(tree.entries.dropFirst().map(\.id.description) == vector.groups)
        #expect(treeID.description == vector.tree)
        #expect(groups.flatMap { $0.entries.map(\.id) } == ids.map(\.objectID))
    }

    @Test("A group ends after an ID that begins with a zero byte, and only there")
    func zeroByte() throws {
        let ids = ["01", "00", "10", "0f", "00", "00", "01"].map {
            BlobID(ObjectID([UInt8($0, radix: 16) ?? 0] + [UInt8](repeating: 9, count: 19)))
        }
        let tree = try #require(try writer.tree(finish(ids).objectID))
        #expect(
            tree.entries.map { String(decoding: $0.name, as: UTF8.self) } == [
                ".amphora", "000000", "000001", "000002", "000003",
            ])
        let groups = try tree.entries.dropFirst().map { try #require(try writer.tree($0.id)).entries }
        #expect(groups.map(\.count) == [2, 3, 1, 1])
        #expect(groups[1].map { String(decoding: $0.name, as: UTF8.self) } == ["000", "001", "002"])
        #expect(groups[1].allSatisfy { $0.mode == .file })
    }

    @Test(
        "A full group ends even if its last ID begins with a zero byte, and none is empty",
        arguments: [1023, 1024, 1025])
    func limit(count: Int) throws {
        var bytes = (0..<count).map { [UInt8](repeating: 1, count: 18) + [UInt8($0 >> 8), UInt8($0 & 255)] }
        if count == 1024 { bytes[1023][0] = 0 }
        let tree = try #require(try writer.tree(finish(bytes.map { BlobID(ObjectID($0)) }).objectID))
        let groups = try tree.entries.dropFirst().map { try #require(try writer.tree($0.id)).entries }
        #expect(groups.map(\.count) == (count == 1025 ? [1024, 1] : [count]))
        if count > 1023 { #expect(groups[0].last?.name == Array("3ff".utf8)) }
    }

    @Test("An insertion leaves the other groups as they were")
    func insertion() throws {
        let ids = (0..<3000).map { BlobID(ObjectID(randomBytes(count: 20, seed: UInt64($0)))) }
        var edited = ids
        edited.insert(BlobID(ObjectID([UInt8](repeating: 7, count: 20))), at: 1500)
        let trees = try [ids, edited].map {
            try #require(try writer.tree(finish($0).objectID)).entries.map(\.id)
        }
        #expect(Set(trees[1]).subtracting(trees[0]).count == 1)
    }
}
