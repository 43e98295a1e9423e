import AmphoraObjects
import TestSupport
import Testing

@Suite("Names of artifacts, types and aliases")
struct NameRulesTests {
    static let valid: [String] = [
        "a", "Z", "0", "_", "mnist-raw", "resnet50_v1.2", "a.b.c", "a-", "a_", "1.0", "v", "v1x", "V1",
        "lock", "a.LOCK", "a.lock.b", "latest", "HEAD", String(repeating: "x", count: 128),
    ]

    /// A text, and what is said of it after the kind of name.
    static let invalid: [(text: String, complaint: String)] = [
        ("", "is empty"),
        (String(repeating: "x", count: 129), "is 129 bytes long, the limit is 128"),
        (String(repeating: "é", count: 65), "is 130 bytes long, the limit is 128"),
        ("a b", "'a b' contains ' '"),
        ("a/b", "'a/b' contains '/'"),
        ("a:b", "'a:b' contains ':'"),
        ("a@{1}", "'a@{1}' contains '@'"),
        ("Größe", "'Größe' contains 'ö'"),
        ("a\u{0}", "'a\u{0}' contains '\u{0}'"),
        ("a\r\n", "'a\r\n' contains '\r'"),
        (".a", "'.a' starts with '.' or '-'"),
        ("..", "'..' starts with '.' or '-'"),
        ("-a", "'-a' starts with '.' or '-'"),
        ("a..b", "'a..b' contains '..'"),
        ("a.", "'a.' ends in '.' or '.lock'"),
        ("a.lock", "'a.lock' ends in '.' or '.lock'"),
    ]

    @Test("A valid name is kept as it is", arguments: valid)
    func validNames(text: String) throws {
        #expect(try ArtifactName(text).rawValue == text)
        #expect(try ArtifactName(text).description == text)
        #expect(try ArtifactType(text).rawValue == text)
        #expect(try ArtifactType(text).description == text)
        #expect(try Alias(text).rawValue == text)
        #expect(try Alias(text).description == text)
    }

    @Test("Each rule has a message of its own, for each kind of name", arguments: invalid)
    func invalidNames(text: String, complaint: String) {
        let name = #expect(throws: InvalidName.self) { try ArtifactName(text) }
        #expect(name?.message == "artifact name \(complaint)")
        let type = #expect(throws: InvalidName.self) { try ArtifactType(text) }
        #expect(type?.message == "artifact type \(complaint)")
        let alias = #expect(throws: InvalidName.self) { try Alias(text) }
        #expect(alias?.message == "alias \(complaint)")
        #expect(name?.code == .invalidArgument)
        #expect(name?.hint?.contains("letters, digits") == true)
    }

    @Test(
        "An alias that reads as a version number is refused, an artifact of that name is not",
        arguments: ["v0", "v3", "v12", "v007", "v99999999999999999999"])
    func versionLikeAliases(text: String) throws {
        let error = #expect(throws: InvalidName.self) { try Alias(text) }
        #expect(error?.message == "alias '\(text)' looks like a version number")
        #expect(error?.hint == "Numbers are given by the store; choose a word, for example 'best'.")
        #expect(try ArtifactName(text).rawValue == text)
    }

    @Test("git takes every valid name in a ref, and refuses those that its own rules are about")
    func gitAgrees() throws {
        let scratch = try Scratch()
        for text in Self.valid {
            try git("check-ref-format", "refs/tags/\(text)/v0", in: scratch.path)
            try git("check-ref-format", "refs/heads/x/\(text)", in: scratch.path)
        }
        for text in ["a b", "a:b", "a@{1}", ".a", "..", "a..b", "a.lock", "a\n"] {
            #expect(
                try run("git", ["check-ref-format", "refs/tags/\(text)/v0"], in: scratch.path).status == 1)
        }
    }

    @Test("Names sort as text, but for latest, which comes first")
    func order() throws {
        #expect(try ArtifactName("a") < ArtifactName("b"))
        #expect(try ArtifactType("B") < ArtifactType("a"))
        #expect(try Alias("latest") < Alias("best"))
        #expect(try Alias("best") < Alias("good"))
        #expect(try !(Alias("best") < Alias.latest))
        #expect(try !(Alias("latest") < Alias.latest))
        #expect(Alias.latest.rawValue == "latest")
    }
}
