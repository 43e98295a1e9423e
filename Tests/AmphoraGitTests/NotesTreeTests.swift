import AmphoraGit
import AmphoraObjects
import TestSupport
import Testing

@Suite("Trees of notes")
struct NotesTreeTests {
    private let test: TestRepository

    init() throws { test = try TestRepository() }

    private func notesTree(_ ref: String) throws -> NotesTree {
        let treeID = try TreeID(ObjectID(hex: test.git("rev-parse", "\(ref)^{tree}")))
        return try NotesTree(treeID, in: test.open())
    }

    /// Gives notes to blobs made for this, with the real git.
    private func annotate(_ count: Int) throws -> [ObjectID: ObjectID] {
        var expected: [ObjectID: ObjectID] = [:]
        for index in 0..<count {
            let id = try test.blob("object \(index)")
            let note = try test.blob("note \(index)\n")
            try test.git("notes", "--ref=runs/3k9x2m1a", "add", "-C", "\(note)", "\(id)")
            expected[id] = note
        }
        return expected
    }

    @Test(
        "Notes that git wrote are read, in a flat tree and in one that git fanned out",
        arguments: [1, 5, 150])
    func fromGit(count: Int) throws {
        let expected = try annotate(count)
        let tree = try notesTree("refs/notes/runs/3k9x2m1a")
        #expect(tree.notes.mapValues(\.blobID.objectID) == expected)
        for (id, note) in tree.notes {
            let path = String(decoding: note.path, as: UTF8.self)
            #expect(path.split(separator: "/").joined() == id.description)
            #expect(try test.git("rev-parse", "refs/notes/runs/3k9x2m1a:\(path)") == "\(note.blobID)")
        }
        if count == 150 {
            #expect(tree.notes.values.contains { $0.path.count > 40 }, "git fans out so many")
        } else {
            #expect(tree.notes.values.allSatisfy { $0.path.count == 40 })
        }
    }

    @Test("Entries that are not notes are passed over, whatever their names")
    func otherEntries() throws {
        let blobID = try test.blob("x")
        let noted = try test.blob("noted")
        let folder = try test.git("mktree", input: "100644 blob \(blobID)\t000000.jsonl\n")
        let below = try test.git(
            "mktree", input: "100644 blob \(blobID)\tnot-a-note\n040000 tree \(folder)\tmedia\n")
        let rows = [
            "100644 blob \(blobID)\trun.json", "040000 tree \(folder)\thistory",
            "040000 tree \(folder)\tdead",
            "040000 tree \(below)\tab", "100644 blob \(blobID)\tcd", "100644 blob \(blobID)\t\(noted)",
            "100644 blob \(blobID)\t\(noted)0", "100644 blob \(blobID)\t\(noted.description.dropLast())",
            "040000 tree \(folder)\t\(String(repeating: "a", count: 40))",
            "100644 blob \(blobID)\t\(String(repeating: "A", count: 40))",
        ]
        let treeID = try test.git("mktree", input: rows.map { "\($0)\n" }.joined())
        let tree = try NotesTree(TreeID(ObjectID(hex: treeID)), in: test.open())
        #expect(tree.notes.count == 1)
        #expect(tree.notes[noted]?.blobID.objectID == blobID)
    }

    @Test("Notes that are fanned out twice are read")
    func doubleFanOut() throws {
        let noted = try test.blob("noted")
        let note = try test.blob("note")
        let digits = noted.description
        let inner = try test.git("mktree", input: "100644 blob \(note)\t\(digits.dropFirst(4))\n")
        let middle = try test.git("mktree", input: "040000 tree \(inner)\t\(digits.dropFirst(2).prefix(2))\n")
        let outer = try test.git("mktree", input: "040000 tree \(middle)\t\(digits.prefix(2))\n")
        let tree = try NotesTree(TreeID(ObjectID(hex: outer)), in: test.open())
        let path = "\(digits.prefix(2))/\(digits.dropFirst(2).prefix(2))/\(digits.dropFirst(4))"
        #expect(tree.notes[noted]?.path == Array(path.utf8))
        #expect(tree.notes[noted]?.blobID.objectID == note)
    }

    @Test("No tree, and an empty one, hold no notes")
    func empty() throws {
        #expect(NotesTree().notes.isEmpty)
        #expect(try NotesTree(.empty, in: test.open()).notes.isEmpty)
    }

    @Test("A tree that is not there is a missing object")
    func missing() throws {
        let id = TreeID(ObjectID(randomBytes(count: 20, seed: 1)))
        #expect(throws: MissingObject.self) { try NotesTree(id, in: test.open()) }
    }
}
