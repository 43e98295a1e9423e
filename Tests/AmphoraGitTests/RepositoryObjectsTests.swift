import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@Suite("Objects of a repository")
struct RepositoryObjectsTests {
    private let test: TestRepository
    private let repository: Repository

    init() throws {
        test = try TestRepository()
        repository = try test.open()
    }

    @Test(
        "What is written is what git reads, with the ID that git gives it", arguments: [0, 1, 1000, 100_000])
    func writing(count: Int) throws {
        let bytes = randomBytes(count: count, seed: 1)
        let id = try repository.write(bytes, as: .blob)
        #expect(id == ObjectHasher.id(of: .blob, bytes))
        #expect(try test.git("cat-file", "-s", "\(id)") == "\(count)")
        try test.git("fsck", "--strict")
        #expect(try repository.read(id, as: .blob) == bytes)
        #expect(try repository.byteCount(of: id) == count)
    }

    @Test("What git wrote is read, loose and packed")
    func reading() throws {
        let blobID = try test.blob("hello\n")
        let treeID = try test.git("mktree", input: "100644 blob \(blobID)\ta\n")
        let commitID = try test.git("commit-tree", treeID, input: "message\n")
        try test.git("update-ref", "refs/heads/x", commitID)
        for isPacked in [false, true] {
            if isPacked { try test.git("repack", "-a", "-d", "-q") }
            let repository = try test.open()
            #expect(try repository.read(blobID, as: .blob) == Array("hello\n".utf8))
            let tree = try repository.tree(TreeID(ObjectID(hex: treeID)))
            #expect(tree.entries == [TreeEntry(name: [0x61], mode: .file, id: blobID)])
            let commit = try repository.commit(CommitID(ObjectID(hex: commitID)))
            #expect(commit.message == "message\n")
            #expect(commit.treeID.description == treeID)
            #expect(repository.contains(blobID))
            #expect(try repository.byteCount(of: blobID) == 6)
        }
    }

    @Test("The empty tree need not be in the repository")
    func emptyTree() throws {
        #expect(try repository.tree(.empty).entries.isEmpty)
    }

    @Test("An object that another process writes is found by an open repository")
    func freshness() throws {
        #expect(!repository.contains(ObjectHasher.id(of: .blob, Array("late".utf8))))
        let id = try test.blob("late")
        #expect(repository.contains(id))
        #expect(try repository.read(id, as: .blob) == Array("late".utf8))
    }

    @Test("A missing object is named")
    func missing() throws {
        let id = ObjectHasher.id(of: .blob, Array("nowhere".utf8))
        let errors: [MissingObject?] = [
            #expect(throws: MissingObject.self) { try repository.read(id, as: .blob) },
            #expect(throws: MissingObject.self) { try repository.tree(TreeID(id)) },
            #expect(throws: MissingObject.self) { try repository.commit(CommitID(id)) },
            #expect(throws: MissingObject.self) { try repository.byteCount(of: id) },
        ]
        for error in errors {
            #expect(error?.id == id)
            #expect(error?.message == "object \(id) is not in the store")
            #expect(error?.code == .notFound)
        }
        #expect(!repository.contains(id))
    }

    @Test("An object of another kind is damage, and the kind that was due is named")
    func wrongKind() throws {
        let id = try test.blob("text")
        let error = #expect(throws: DamagedObject.self) { try repository.tree(TreeID(id)) }
        #expect(error?.message == "object \(id) is not a tree")
        #expect(error?.id == id)
        #expect(error?.cause == nil)
        #expect(error?.code == .corrupt)
    }

    @Test("A commit or tree that is malformed is damage that names the object and the reason")
    func malformed() throws {
        let commitID = try repository.write(Array("tree x\n\nm\n".utf8), as: .commit)
        let error = #expect(throws: DamagedObject.self) { try repository.commit(CommitID(commitID)) }
        #expect(error?.message == "object \(commitID) is damaged")
        #expect(
            (error?.cause as? MalformedObject)?.message
                == "malformed commit: the tree is missing or malformed")
        let treeID = try repository.write(Array("100644 a".utf8), as: .tree)
        let treeError = #expect(throws: DamagedObject.self) { try repository.tree(TreeID(treeID)) }
        #expect(treeError?.cause is MalformedObject)
    }

    /// Reads the blob with a new handle; wrong bytes are never given out.
    private func expectDamageOrNothing(_ id: ObjectID, _ bytes: [UInt8], _ comment: Comment) throws -> Bool {
        do {
            let read = try test.open().read(id, as: .blob)
            #expect(read == bytes, comment)
            return false
        } catch {
            let damage = error as? DamagedObject
            #expect(damage?.id == id, "\(comment): \(error)")
            return true
        }
    }

    @Test("A loose object with other content of the same length is damage", arguments: [0, 500, 999])
    func flippedLooseByte(index: Int) throws {
        let content = randomBytes(count: 1000, seed: 3)
        let id = try repository.write(content, as: .blob)
        let path = test.loosePath(id)
        try FileManager.default.removeItem(atPath: test.scratch(path))
        var flipped = content
        flipped[index] ^= 1
        try test.scratch.write(path, Deflater(level: 1).zlib(Array("blob 1000\0".utf8) + flipped))
        #expect(try expectDamageOrNothing(id, content, "byte \(index)"))
    }

    @Test("A loose object that is empty, as after a loss of power, is damage", .timeLimit(.minutes(1)))
    func emptyLooseObject() throws {
        let content = randomBytes(count: 1000, seed: 3)
        let id = try repository.write(content, as: .blob)
        let path = test.loosePath(id)
        try FileManager.default.removeItem(atPath: test.scratch(path))
        try test.scratch.write(path, "")
        #expect(try expectDamageOrNothing(id, content, "empty"))
    }

    @Test("A flipped byte in a pack is damage to the object that it belongs to")
    func flippedPackedByte() throws {
        let content = randomBytes(count: 5000, seed: 4)
        let id = try repository.write(content, as: .blob)
        let pack = try test.git("pack-objects", "-q", "objects/pack/pack", input: "\(id)\n")
        try FileManager.default.removeItem(atPath: test.scratch(test.loosePath(id)))
        let path = "objects/pack/pack-\(pack).pack"
        let whole = try test.scratch.read(path)
        for index in [20, 100, 2000, 4000] {
            var flipped = whole
            flipped[index] ^= 1
            try FileManager.default.removeItem(atPath: test.scratch(path))
            try test.scratch.write(path, flipped)
            #expect(try expectDamageOrNothing(id, content, "byte \(index)"))
        }
    }
}
