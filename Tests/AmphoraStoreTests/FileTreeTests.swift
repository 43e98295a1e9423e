import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Files of a version")
struct FileTreeTests {
    private let test: TestStore
    private let large = randomBytes(count: 1 << 20, seed: 1)

    init() throws { test = try TestStore() }

    private func list(_ id: TreeID, below prefixes: [String] = []) throws -> [TreeFile] {
        try test.pool.with { try FileTree($0).files(in: id, below: prefixes.map { try ArtifactPath($0) }) }
    }

    private func read(_ file: TreeFile) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try test.pool.with { try FileTree($0).read(file) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// A tree object of any bytes, which git does not check.
    private func literalTree(_ name: String, mode: String, id: ObjectID) throws -> TreeID {
        var bytes = Array("\(mode) \(name)\0".utf8)
        id.append(to: &bytes)
        try test.scratch.write("tree", bytes)
        return try TreeID(
            ObjectID(hex: test.git("hash-object", "-t", "tree", "--literally", "-w", test.scratch("tree"))))
    }

    @Test("Files are listed with their kind, length and bit, and read back")
    func listing() throws {
        let contents = ["a/b": Array("small".utf8), "a/large": large, "run.sh": [1], "empty": []]
        let (_, files) = try test.tree(contents, executable: ["run.sh", "a/large"])
        #expect(files.map(\.path.description) == ["a/b", "a/large", "empty", "run.sh"])
        #expect(files.map(\.isExecutable) == [false, true, false, true])
        #expect(files.map(\.mode) == [.file, .directory, .file, .executable])
        for file in files {
            let bytes = contents[file.path.description]
            #expect(try read(file) == bytes)
            let stored = try test.pool.with { try file.stored(in: $0) }
            #expect(stored == StoredFile(mode: file.mode, id: file.id, byteCount: bytes?.count ?? -1))
        }
    }

    @Test(
        "Prefixes choose files and folders by whole components",
        arguments: [
            ([], ["a/b/c", "a/d", "ab", "b/large"]), (["a"], ["a/b/c", "a/d"]), (["a/b"], ["a/b/c"]),
            (["a/b/c", "ab"], ["a/b/c", "ab"]), (["b/large"], ["b/large"]), (["b/large/.x"], []),
            (["none", "a/x"], []),
        ] as [([String], [String])])
    func prefixes(prefixes: [String], expected: [String]) throws {
        let (id, _) = try test.tree(["a/b/c": [1], "a/d": [2], "ab": [3], "b/large": large])
        #expect(try list(id, below: prefixes).map(\.path.description) == expected)
    }

    @Test("Folders that are not wanted are not read")
    func unwantedFolders() throws {
        let elsewhere = ObjectID(randomBytes(count: 20, seed: 1))
        let blobID = try test.store([1]).id
        let id = try test.treeID("040000 tree \(elsewhere)\tfar", "100644 blob \(blobID)\tnear")
        #expect(try list(id, below: ["near"]).map(\.path.description) == ["near"])
        let error = #expect(throws: MissingObject.self) { try list(id) }
        #expect(error?.id == elsewhere)
    }

    @Test(
        "A tree of somebody else's with a name that leads elsewhere is refused",
        arguments: ["..", ".", "", "a/b", "/etc", ".git", ".GIT", "git~1", ".amphora"])
    func hostileNames(name: String) throws {
        let blobID = try test.store([1]).id
        let id = try literalTree(name, mode: "100644", id: blobID)
        #expect(throws: InvalidEntryName.self) { try list(id) }
        if name != ".amphora" {
            // As a folder, and deeper down; a folder that holds `.amphora` is a chunked file.
            let folder = try test.tree(["x": [1]]).id
            #expect(throws: InvalidEntryName.self) {
                try list(literalTree(name, mode: "40000", id: folder.objectID))
            }
            #expect(throws: InvalidEntryName.self) {
                try list(literalTree("sub", mode: "40000", id: id.objectID))
            }
        }
    }

    @Test(
        "Links and submodules are refused",
        arguments: [("120000", "blob", "symbolic link"), ("160000", "commit", "submodule")])
    func foreignKinds(mode: String, kind: String, word: String) throws {
        let elsewhere = ObjectID(randomBytes(count: 20, seed: 1))
        let id = try test.treeID("\(mode) \(kind) \(elsewhere)\tx")
        let error = #expect(throws: UnsupportedFile.self) { try list(id) }
        #expect(error?.message == "the file is kept with the kind '\(word)', which is not known here")
    }

    @Test("A marker that is malformed is damage, one of a later kind is not")
    func markers() throws {
        let bad = try test.store(Array("{}".utf8)).id
        let inner = try test.treeID("100644 blob \(bad)\t.amphora")
        let error = #expect(throws: DamagedObject.self) { try list(test.treeID("040000 tree \(inner)\tx")) }
        #expect(error?.id == bad)
        let later = try test.store(Array(#"{"kind":"reference"}"#.utf8)).id
        let reference = try test.treeID("100644 blob \(later)\t.amphora")
        #expect(throws: UnsupportedFile.self) { try list(test.treeID("040000 tree \(reference)\tx")) }
    }

    @Test(
        "Chunks that are not the file of the marker are noticed at the end of reading",
        arguments: ["sha256", "size"])
    func wrongMarker(field: String) throws {
        let stored = try test.store(large)
        let text = try test.git("cat-file", "blob", "\(stored.id):.amphora")
        var marker = try JSONValue(parsing: text)
        marker[field] = field == "size" ? 5 : .string(String(repeating: "0", count: 64))
        let markerID = try test.store(Array("\(marker.canonical)\n".utf8)).id
        let group = try test.git("rev-parse", "\(stored.id):000000")
        let fake = try test.treeID("100644 blob \(markerID)\t.amphora", "040000 tree \(group)\t000000")
        let files = try list(test.treeID("040000 tree \(fake)\tlarge"))
        let error = #expect(throws: DamagedFile.self) { try read(#require(files.first)) }
        #expect(error?.message == "the chunks in tree \(fake) are not the file that its marker describes")
        #expect(error?.code == .corrupt)
    }

    @Test("Chunks in another order are noticed")
    func wrongOrder() throws {
        let stored = try test.store(large)
        let group = try test.git("ls-tree", "\(stored.id):000000").split(separator: "\n")
            .map { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init) }
        let rows = zip(group, group.reversed()).map { "100644 blob \($1[2])\t\($0[3])\n" }.joined()
        let reordered = try test.git("mktree", input: rows)
        let markerID = try test.git("rev-parse", "\(stored.id):.amphora")
        let fake = try test.treeID("100644 blob \(markerID)\t.amphora", "040000 tree \(reordered)\t000000")
        let files = try list(test.treeID("040000 tree \(fake)\tlarge"))
        #expect(throws: DamagedFile.self) { try read(#require(files.first)) }
    }

    @Test("A chunk that is not there is named")
    func missingChunk() throws {
        let stored = try test.store(large)
        let chunk = try test.git("rev-parse", "\(stored.id):000000/005")
        let files = try list(test.treeID("040000 tree \(stored.id)\tlarge"))
        let chunks = try test.pool.with { try FileTree($0).chunkIDs(of: TreeID(stored.id)) }
        #expect(chunks[5].description == chunk)
        try FileManager.default.removeItem(
            atPath: test.scratch("store.git/objects/\(chunk.prefix(2))/\(chunk.dropFirst(2))"))
        let error = #expect(throws: MissingObject.self) { try read(#require(files.first)) }
        #expect(error?.id.description == chunk)
    }
}
