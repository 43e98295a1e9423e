import AmphoraGit
import AmphoraObjects
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Editing trees")
struct TreeEditTests {
    private let test: TestStore
    private let file: StoredFile

    init() throws {
        test = try TestStore()
        file = try test.store(Array("twelve bytes".utf8))
    }

    private func apply(
        puts: [String: StoredFile] = [:], removals: [String: TreeEdit.Removal] = [:], to base: TreeID = .empty
    ) throws -> TreeEdit.Result {
        let edit = TreeEdit(
            puts: puts.map { (Array($0.utf8), $1) },
            removals: Dictionary(uniqueKeysWithValues: removals.map { (Array($0.key.utf8), $0.value) }))
        let result = try test.pool.with { try edit.apply(to: base, in: $0, writing: test.writer) }
        try test.writer.finish()
        return result
    }

    private func paths(_ id: TreeID) throws -> [String] {
        guard id != .empty else { return [] }
        return try test.git("ls-tree", "-r", "--name-only", "\(id)").split(separator: "\n").map(String.init)
    }

    private func base(_ paths: String...) throws -> TreeID {
        try apply(puts: Dictionary(uniqueKeysWithValues: paths.map { ($0, file) })).treeID
    }

    @Test("Files put on nothing make the tree that git makes of them")
    func puts() throws {
        let executable = try test.store([1], isExecutable: true)
        let result = try apply(puts: ["b": file, "a/x": file, "a/b/c": executable, "a-b": file])
        let script = [
            "100644,\(file.id),b", "100644,\(file.id),a/x", "100755,\(executable.id),a/b/c",
            "100644,\(file.id),a-b",
        ]
        for entry in script { try test.git("update-index", "--add", "--cacheinfo", entry) }
        #expect(try test.git("write-tree") == "\(result.treeID)")
        #expect(result.addedFileCount == 4)
        #expect(result.addedByteCount == 37)
    }

    @Test("Nothing changed is the base, and nothing on nothing the empty tree")
    func nothing() throws {
        let base = try base("a/b", "c")
        #expect(try apply(to: base).treeID == base)
        #expect(try apply().treeID == .empty)
        #expect(try apply(puts: ["c": file], to: base).treeID == base)
    }

    @Test("A file put over another replaces it, and the difference is counted")
    func replacing() throws {
        let base = try base("a/b", "c")
        let larger = try test.store([UInt8](repeating: 0, count: 100))
        let result = try apply(puts: ["a/b": larger, "a/new": file], to: base)
        #expect(try paths(result.treeID) == ["a/b", "a/new", "c"])
        #expect(result.addedFileCount == 1)
        #expect(result.addedByteCount == 100)
    }

    @Test("Removing files and folders is counted; folders that become empty vanish")
    func removals() throws {
        let base = try base("a/b/c/d", "a/x", "e/f", "g")
        let result = try apply(removals: ["a/b/c/d": .required, "e": .required], to: base)
        #expect(try paths(result.treeID) == ["a/x", "g"])
        #expect(result.addedFileCount == -2)
        #expect(result.addedByteCount == -24)
        let all = try apply(removals: ["a": .required, "e/f": .required, "g": .ifPresent], to: base)
        #expect(all.treeID == .empty)
        #expect(all.addedFileCount == -4)
    }

    @Test(
        "A removal of nothing is an error only if it is required", arguments: ["x", "a/x", "x/y", "c/below"])
    func removalOfNothing(path: String) throws {
        let base = try base("a/b", "c")
        let error = #expect(throws: PathNotFound.self) { try apply(removals: [path: .required], to: base) }
        #expect(error?.message == "there is no file or folder '\(path)'")
        #expect(error?.code == .notFound)
        let result = try apply(removals: [path: .ifPresent], to: base)
        #expect(result.treeID == base)
        #expect(result.addedFileCount == 0)
    }

    @Test("A file cannot be put where a folder is, nor below a file")
    func conflicts() throws {
        let base = try base("a/b", "c")
        let folder = #expect(throws: PathConflict.self) { try apply(puts: ["a": file], to: base) }
        #expect(folder?.message == "cannot put a file at 'a': there is a folder of that name")
        let below = #expect(throws: PathConflict.self) { try apply(puts: ["c/d/e": file], to: base) }
        #expect(below?.message == "cannot put 'c/d/e': a folder on its way is a file")
        let both = #expect(throws: PathConflict.self) { try apply(puts: ["n": file, "n/o": file]) }
        #expect(both?.message == "cannot put 'n/o': a folder on its way is a file")
        #expect(both?.code == .conflict)
        #expect(both?.hint != nil)
    }

    @Test("What is removed first makes room for a file or a folder of its name")
    func replacingKinds() throws {
        let base = try base("a/b", "c")
        #expect(
            try paths(apply(puts: ["a": file], removals: ["a": .required], to: base).treeID) == ["a", "c"])
        let folder = try apply(puts: ["c/d": file], removals: ["c": .required], to: base)
        #expect(try paths(folder.treeID) == ["a/b", "c/d"])
        #expect(folder.addedFileCount == 0)
        let same = try apply(puts: ["c": file], removals: ["c": .required], to: base)
        #expect(same.treeID == base)
        #expect(same.addedByteCount == 0)
    }

    @Test("A chunked file is one file: replaced, removed, and nothing is put below it")
    func chunkedFiles() throws {
        let large = try test.store(randomBytes(count: 1 << 20, seed: 1))
        let base = try apply(puts: ["a/large": large, "b": file])
        #expect(base.addedFileCount == 2)
        #expect(base.addedByteCount == (1 << 20) + 12)
        let replaced = try apply(puts: ["a/large": file], to: base.treeID)
        #expect(replaced.addedFileCount == 0)
        #expect(replaced.addedByteCount == 12 - (1 << 20))
        #expect(try apply(removals: ["a/large": .required], to: base.treeID).addedByteCount == -(1 << 20))
        #expect(throws: PathConflict.self) { try apply(puts: ["a/large/x": file], to: base.treeID) }
        #expect(throws: PathNotFound.self) {
            try apply(removals: ["a/large/.amphora": .required], to: base.treeID)
        }
    }

    @Test("Folders that do not change are not read")
    func untouchedFolders() throws {
        let elsewhere = TreeID(ObjectID(randomBytes(count: 20, seed: 1)))
        let base = try test.treeID("040000 tree \(elsewhere)\tfar", "100644 blob \(file.id)\tnear")
        let result = try apply(puts: ["new": file], to: base)
        #expect(try test.git("rev-parse", "\(result.treeID):far") == "\(elsewhere)")
        #expect(throws: MissingObject.self) { try apply(puts: ["far/x": file], to: base) }
    }
}
