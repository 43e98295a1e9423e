import AmphoraObjects
import Testing

@Suite("Names of files in a version")
struct EntryNameTests {
    static let dotGit: [String] = [
        ".git", ".GIT", ".Git", "git~1", "GIT~1", ".git ", ".git.", ".git . .", "git~1 ", ".git:x",
        ".git::$INDEX_ALLOCATION", ".git :x", "git~1:x", ".g\u{200c}it", "\u{feff}.git",
        ".gi\u{206f}t\u{202a}",
        ".GIT\u{200e}", ".git\\x", "a\\.git", "a\\.GIT \\b", "x\\git~1", "\\.git", ".git\\",
    ]

    static let dotAmphora: [String] = [
        ".amphora", ".AMPHORA", ".Amphora", "amphor~1", "AMPHOR~1", ".amphora ", ".amphora.", ".amphora:x",
        ".amph\u{200c}ora", "\u{feff}.amphora", "a\\.amphora", ".AMPHORA\\b",
    ]

    static let allowed: [String] = [
        "a", "git", ".gitx", ".git-", "git~2", "git~10", " .git", "a.git", ".gitignore", "..git", ".git x",
        "a:.git", ".g\u{200b}it", "git~1x", "...", ". ", "\\", "a\\b", ".git~1", "g\u{131}t~1", "é",
        "e\u{301}",
        "\u{200c}", "CON", "a ", "a.", "-a", "\n", "\u{1b}[1m", ".amphora2", ".amphoraignore", "amphora",
        "amphor~2",
        "\u{1F980}", ".g\u{301}it",
    ]

    private func check(_ name: some Sequence<UInt8>) throws(InvalidEntryName) {
        let bytes = Array(name)
        try EntryName.check(bytes[...], in: bytes)
    }

    @Test("Every spelling of .git that a file system may read as it is refused", arguments: dotGit)
    func dotGitNames(name: String) {
        let error = #expect(throws: InvalidEntryName.self) { try check(name.utf8) }
        #expect(error?.message == "the path '\(name)' is not allowed: git refuses every spelling of '.git'")
        #expect(error?.hint?.contains("--exclude") == true)
        #expect(error?.code == .invalidArgument)
    }

    @Test("Every spelling of .amphora that a file system may read as it is refused", arguments: dotAmphora)
    func dotAmphoraNames(name: String) {
        let error = #expect(throws: InvalidEntryName.self) { try check(name.utf8) }
        #expect(
            error?.message == "the path '\(name)' is not allowed: every spelling of '.amphora' is reserved")
        #expect(error?.hint?.contains("--exclude") == true)
    }

    @Test("Names that only look odd are kept", arguments: allowed)
    func allowedNames(name: String) throws {
        try check(name.utf8)
    }

    @Test(
        "Each rule has a message of its own",
        arguments: [
            ("", "the path '' is not allowed: a name in the path is empty"),
            (".", "the path '.' is not allowed: '.' and '..' are not file names"),
            ("..", "the path '..' is not allowed: '.' and '..' are not file names"),
            ("a\0b", "the path 'a\0b' is not allowed: a name holds a NUL byte"),
            ("a/b", "the path 'a/b' is not allowed: a name holds a '/'"),
            (".amphora", "the path '.amphora' is not allowed: every spelling of '.amphora' is reserved"),
        ])
    func rules(name: String, message: String) {
        let error = #expect(throws: InvalidEntryName.self) { try check(name.utf8) }
        #expect(error?.message == message)
        #expect((error?.hint == nil) == (name != ".amphora"))
    }

    @Test(
        "A name that is not UTF-8 is refused and shown with its bytes",
        arguments: [
            ([0x61, 0xff], "a\\xff"), ([0xc0, 0xae], "\\xc0\\xae"), ([0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"),
            ([0x2e, 0x67, 0x69, 0x74, 0x80], ".git\\x80"),
        ] as [([UInt8], String)])
    func notUTF8(name: [UInt8], shown: String) {
        let error = #expect(throws: InvalidEntryName.self) { try check(name) }
        #expect(error?.message == "the path '\(shown)' is not allowed: the name is not UTF-8")
    }

    @Test("The whole path is named, not only the part that is wrong")
    func wholePath() {
        let error = #expect(throws: InvalidEntryName.self) {
            try EntryName.check(Array(".git".utf8)[...], in: Array("a/.git".utf8))
        }
        #expect(error?.message.contains("'a/.git'") == true)
    }
}

@Suite("Paths in a version")
struct ArtifactPathTests {
    @Test("A path is its components", arguments: ["a", "a/b", "a/b/c.txt", "a b/ä", "a\\b/c"])
    func components(text: String) throws {
        let path = try ArtifactPath(text)
        #expect(path.bytes == Array(text.utf8))
        #expect(path.description == text)
        #expect(
            path.components.map { String(decoding: $0, as: UTF8.self) }
                == text.split(separator: "/").map(String.init))
    }

    @Test(
        "What the shell adds to a path is left out",
        arguments: [("./a/", "a"), ("./a", "a"), ("a/", "a"), ("./a/b/", "a/b")])
    func normalized(text: String, path: String) throws {
        #expect(try ArtifactPath(text).description == path)
    }

    @Test(
        "A path with a component that is not allowed is refused",
        arguments: [
            ("", "a name in the path is empty"), ("/a", "a path inside an artifact does not begin with '/'"),
            ("/", "a path inside an artifact does not begin with '/'"),
            ("a//b", "a name in the path is empty"), ("a/../b", "'.' and '..' are not file names"),
            ("a/./b", "'.' and '..' are not file names"),
            ("a/.git/b", "git refuses every spelling of '.git'"),
            ("a/.amphora/b", "every spelling of '.amphora' is reserved"),
        ])
    func refused(text: String, reason: String) {
        let error = #expect(throws: InvalidEntryName.self) { try ArtifactPath(text) }
        #expect(error?.message == "the path '\(text)' is not allowed: \(reason)")
    }

    @Test("Equal text in two Unicode forms is two paths")
    func unicodeForms() throws {
        let composed = try ArtifactPath("caf\u{e9}")
        let decomposed = try ArtifactPath("cafe\u{301}")
        #expect("caf\u{e9}" == "cafe\u{301}", "Swift's strings do not tell them apart")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed)
        #expect(!(composed < decomposed))
    }

    @Test(
        "A path lies below whole components only",
        arguments: [
            ("a/b", "a", true), ("a", "a", true), ("a/b/c", "a/b", true), ("ab", "a", false),
            ("a", "a/b", false),
            ("b/a", "a", false), ("caf\u{e9}/x", "cafe\u{301}", false),
        ])
    func prefixes(path: String, prefix: String, isBelow: Bool) throws {
        #expect(try ArtifactPath(path).isAtOrBelow(ArtifactPath(prefix)) == isBelow)
    }

    @Test("Listed paths are taken unchecked, and shown with the bytes that are not text")
    func unchecked() {
        let path = ArtifactPath(unchecked: [0x61, 0x2f, 0xfe, 0x62])
        #expect(path.description == "a/\\xfeb")
        #expect(displayPath(path.bytes) == "a/\\xfeb")
        #expect(displayPath(Array("ä".utf8)) == "ä")
    }
}
