import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@Suite("Commits")
struct CommitTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try git("init", "--quiet", "--bare", in: scratch.path)
        try git("hash-object", "-w", "-t", "tree", "/dev/null", in: scratch.path)
    }

    /// The person and the time of the hermetic environment.
    private static let signature = Signature(
        name: "Test User", email: "test@example.com", date: Date(timeIntervalSince1970: 981_173_106))

    private func gitCommit(
        _ message: String, parents: [String] = [], environment: [String: String] = [:]
    ) throws -> ObjectID {
        let arguments = ["commit-tree", "\(TreeID.empty)"] + parents.flatMap { ["-p", $0] }
        let made = try run("git", arguments, in: scratch.path, environment: environment, input: message)
        return try ObjectID(hex: made.output)
    }

    private func gitText(_ id: ObjectID) throws -> [UInt8] {
        Array(try git("cat-file", "commit", "\(id)", in: scratch.path).utf8)
    }

    @Test(
        "A commit has the bytes that git gives it",
        arguments: [
            "a: b\n", "mnist-raw: Raw MNIST\n\nmore\n\nArtifact-Format: 1\n", "\n\n", "é\u{301}\n",
            "a\r\nb\n", "tree x\n",
        ])
    func encoding(message: String) throws {
        let commit = Commit(treeID: .empty, signature: Self.signature, message: message)
        let id = try gitCommit(message)
        #expect(ObjectHasher.id(of: .commit, commit.encoded()) == id)
        let decoded = try Commit(decoding: gitText(id))
        #expect(decoded.encoded() == commit.encoded())
        #expect(decoded == commit)
    }

    @Test("Parents are kept in their order")
    func parents() throws {
        let ids = try ["1\n", "2\n", "3\n"].map { try gitCommit($0) }.reversed()
        let id = try gitCommit("merge\n", parents: ids.map(\.description))
        let commit = Commit(
            treeID: .empty, parentIDs: ids.map(CommitID.init), signature: Self.signature, message: "merge\n")
        #expect(ObjectHasher.id(of: .commit, commit.encoded()) == id)
        #expect(try Commit(decoding: gitText(id)).parentIDs == commit.parentIDs)
    }

    @Test("Author and committer are told apart, times read in any zone")
    func people() throws {
        let id = try gitCommit(
            "x\n", environment: ["GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_DATE": "1700000000 +0530"])
        let commit = try Commit(decoding: gitText(id))
        #expect(commit.author.name == "Ada")
        #expect(commit.author.date == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(commit.committer == Self.signature)
    }

    @Test("Headers that are not ours are passed over, lines that continue them too")
    func otherHeaders() throws {
        let text = """
            tree \(TreeID.empty)
            author A <a@b> 1 +0000
            committer B <c@d> 2 +0000
            encoding UTF-8
            gpgsig -----BEGIN PGP SIGNATURE-----
             
             tree of lies
             parent none
             -----END PGP SIGNATURE-----

            subject

            body
            """
        let commit = try Commit(decoding: Array(text.utf8))
        #expect(commit.treeID == .empty)
        #expect(commit.parentIDs.isEmpty)
        #expect(commit.message == "subject\n\nbody")
    }

    @Test("Each header that is missing or malformed is named")
    func malformed() throws {
        let id = "\(TreeID.empty)"
        let person = "A <a@b> 1 +0000"
        let cases: [(text: String, what: String)] = [
            ("", "the tree"), ("tree x\nauthor \(person)\n", "the tree"),
            ("tree \(id)\ncommitter \(person)\n\nx", "the author"),
            ("tree \(id)\nauthor nobody\ncommitter \(person)\n\nx", "the author"),
            ("tree \(id)\nauthor \(person)\n\ncommitter \(person)\n", "the committer"),
            ("tree \(id)\nparent x\nauthor \(person)\ncommitter \(person)\n\n", "a parent"),
            ("\ntree \(id)\nauthor \(person)\ncommitter \(person)\n", "the tree"),
            ("tree\(id)\nauthor \(person)\ncommitter \(person)\n\n", "the tree"),
        ]
        for (text, what) in cases {
            let error = #expect(throws: MalformedObject.self) { try Commit(decoding: Array(text.utf8)) }
            #expect(error?.message == "malformed commit: \(what) is missing or malformed", "\(text)")
        }
    }

    @Test("Every message is read as it was written, a name that begins with a combining mark too")
    func roundTrip() throws {
        for (name, message) in [
            ("\u{301}x", "m\n"), ("x", ""), ("x", "\n"), ("x", "a\r\n\r\nb"), ("x", "\u{301}\n"),
        ] {
            let commit = Commit(
                treeID: .empty,
                signature: Signature(name: name, email: name, date: .init(timeIntervalSince1970: 1)),
                message: message)
            let decoded = try Commit(decoding: commit.encoded())
            #expect(decoded.encoded() == commit.encoded())
            #expect(decoded.author.name == commit.author.name)
        }
    }

    @Test("The root commit has the same ID in every store")
    func root() throws {
        let id = try gitCommit(
            "amphora store\n",
            environment: [
                "GIT_AUTHOR_NAME": "amphora", "GIT_AUTHOR_EMAIL": "amphora@localhost",
                "GIT_AUTHOR_DATE": "@0 +0000",
                "GIT_COMMITTER_NAME": "amphora", "GIT_COMMITTER_EMAIL": "amphora@localhost",
                "GIT_COMMITTER_DATE": "@0 +0000",
            ])
        #expect(ObjectHasher.id(of: .commit, Commit.root.encoded()) == id)
        #expect(id.description == "fd7fcf5a7ff14d23697dc59ed80620f9fca3e640")
    }

    @Test("A commit of everything has a fixed ID")
    func goldenID() throws {
        let commit = Commit(
            treeID: TreeID(try ObjectID(hex: "e5ce50d47a5e494a980470aab3409297ca151fa0")),
            parentIDs: [CommitID(try ObjectID(hex: "fd7fcf5a7ff14d23697dc59ed80620f9fca3e640"))],
            signature: Signature(
                name: "Ada Lovelace", email: "ada@example.com",
                date: Date(timeIntervalSince1970: 1_700_000_000)),
            message: "mnist-raw: Raw digits\n\nArtifact-Format: 1\n")
        let id = ObjectHasher.id(of: .commit, commit.encoded())
        #expect(id.description == "ea12ef316a947b6d325c506cff5fcb6fd0c51c92")
    }
}
