import AmphoraObjects
import AmphoraPack
import TestSupport
import Testing

@Suite("Trees")
struct TreeTests {
    static let blobID = "ce013625030ba8dba906f756967f9e9ca394464a"

    static func entry(_ name: String, _ mode: EntryMode = .file) throws -> TreeEntry {
        TreeEntry(
            name: Array(name.utf8), mode: mode,
            id: mode == .directory ? TreeID.empty.objectID : try ObjectID(hex: blobID))
    }

    /// What `git mktree` makes of the entries.
    private func gitID(_ entries: [TreeEntry]) throws -> ObjectID {
        let scratch = try Scratch()
        try git("init", "--quiet", "--bare", in: scratch.path)
        let input = entries.map { entry in
            let kind =
                switch entry.mode {
                case .directory: "tree"
                case .submodule: "commit"
                case .file, .executable, .link: "blob"
                }
            let name = String(decoding: entry.name, as: UTF8.self)
            return "\(entry.mode.digits) \(kind) \(entry.id)\t\(name)\0"
        }
        let made = try run("git", ["mktree", "-z", "--missing"], in: scratch.path, input: input.joined())
        return try ObjectID(hex: made.output)
    }

    private func expectAgreement(_ entries: [TreeEntry]) throws {
        let tree = Tree(entries)
        let bytes = tree.encoded()
        #expect(try ObjectHasher.id(of: .tree, bytes) == gitID(entries))
        let decoded = try Tree(decoding: bytes)
        #expect(decoded == tree)
        #expect(decoded.encoded() == bytes)
    }

    @Test("Files and folders with common prefixes are sorted as git sorts them")
    func commonPrefixes() throws {
        let files = ["a-b", "a.b", "a0", "ab.txt", "b", "B", "a\u{e1}", "a\u{1}", "aa"].map {
            ($0, EntryMode.file)
        }
        let folders = ["a", "ab", "b.", "b0", "a\u{301}"].map { ($0, EntryMode.directory) }
        let entries = try (files + folders).map { try Self.entry($0.0, $0.1) }
        try expectAgreement(entries)
        try expectAgreement(entries.reversed())
        let names = Tree(try [Self.entry("a", .directory), Self.entry("a-b"), Self.entry("a0")]).entries.map(
            \.name)
        #expect(names == ["a-b", "a", "a0"].map { Array($0.utf8) })
    }

    @Test("Every mode is written as git writes it")
    func modes() throws {
        let modes: [EntryMode] = [.file, .executable, .directory, .link, .submodule]
        try expectAgreement(try modes.enumerated().map { try Self.entry("e\($0)", $1) })
    }

    @Test("Random names of a small alphabet are sorted as git sorts them", arguments: UInt64(1)...5)
    func randomNames(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let letters = ["a", "b", "-", ".", "0", "é", "~", " "]
        var entries: [[UInt8]: TreeEntry] = [:]
        for _ in 0..<120 {
            let count = Int.random(in: 1...4, using: &random)
            let name = (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }
                .joined()
            guard name != ".", name != ".." else { continue }
            entries[Array(name.utf8)] = try Self.entry(name, Bool.random(using: &random) ? .directory : .file)
        }
        try expectAgreement(Array(entries.values))
    }

    @Test("The same name in two Unicode forms is two entries")
    func unicodeForms() throws {
        let entries = try [Self.entry("\u{e9}"), Self.entry("e\u{301}")]
        try expectAgreement(entries)
        let tree = Tree(entries)
        #expect(tree[Array("\u{e9}".utf8)] == entries[0])
        #expect(tree[Array("e\u{301}".utf8)] == entries[1])
        #expect(tree[Array("e".utf8)] == nil)
    }

    @Test("A tree of many kinds of entries has a fixed ID")
    func goldenID() throws {
        let files = ["a-b", "a0", "B", "\u{e1}", "ab.txt"].map { ($0, EntryMode.file) }
        let folders = ["a", "a\u{301}", "ab"].map { ($0, EntryMode.directory) }
        let entries = try (files + folders + [("a.b", .executable)]).map { try Self.entry($0.0, $0.1) }
        let id = ObjectHasher.id(of: .tree, Tree(entries).encoded())
        #expect(id.description == "e5ce50d47a5e494a980470aab3409297ca151fa0")
    }

    @Test("No entries are the empty tree")
    func empty() throws {
        #expect(ObjectHasher.id(of: .tree, Tree([]).encoded()) == TreeID.empty.objectID)
        #expect(try Tree(decoding: []).entries.isEmpty)
    }

    @Test(
        "Modes of old versions of git are read",
        arguments: [("100664", EntryMode.file), ("040000", .directory), ("100755", .executable)])
    func oldModes(digits: String, mode: EntryMode) throws {
        let bytes = Array("\(digits) a\0".utf8) + [UInt8](repeating: 7, count: 20)
        #expect(try Tree(decoding: bytes).entries.map(\.mode) == [mode])
    }

    @Test("A tree that breaks off anywhere is malformed")
    func brokenOff() throws {
        let bytes = try Tree([Self.entry("a"), Self.entry("b")]).encoded()
        let first = bytes.count / 2
        for count in 1..<bytes.count where count != first {
            let error = #expect(throws: MalformedObject.self) { try Tree(decoding: Array(bytes[..<count])) }
            #expect(error?.message == "malformed tree: entry \(count < first ? 0 : 1) is malformed")
            #expect(error?.code == .corrupt)
        }
    }

    @Test(
        "A mode that git does not know is malformed", arguments: ["", "0", "100600", "100644x", "40001", "é"])
    func unknownMode(digits: String) {
        let bytes = Array("\(digits) a\0".utf8) + [UInt8](repeating: 7, count: 20)
        #expect(throws: MalformedObject.self) { try Tree(decoding: bytes) }
    }
}
