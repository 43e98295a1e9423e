import Testing

@testable import AmphoraStore

@Suite("Ignore rules")
struct IgnoreRulesTests {
    /// A pattern in the root's ignore file, and what it ignores; a path that ends in `/` is a folder.
    struct Row: CustomTestStringConvertible {
        let pattern: String
        let ignored: [String]
        let kept: [String]

        init(_ pattern: String, ignored: [String], kept: [String]) {
            self.pattern = pattern
            self.ignored = ignored
            self.kept = kept
        }

        var testDescription: String { "'\(pattern)'" }
    }

    static let rows = [
        Row("foo", ignored: ["foo", "foo/", "a/foo", "a/b/foo"], kept: ["Foo", "foot", "a/xfoo"]),
        Row("foo/", ignored: ["foo/", "a/foo/"], kept: ["foo", "a/foo"]),
        Row("/foo", ignored: ["foo", "foo/"], kept: ["a/foo"]),
        Row("a/foo", ignored: ["a/foo"], kept: ["foo", "b/a/foo", "a/foo/b"]),
        Row("a/foo/", ignored: ["a/foo/"], kept: ["a/foo", "b/a/foo/"]),
        Row("*.o", ignored: [".o", "x.o", "a/x.o"], kept: ["x.oo", "o"]),
        Row("a/*.o", ignored: ["a/x.o", "a/.o"], kept: ["x.o", "a/b/x.o"]),
        Row("a*/b", ignored: ["a/b", "ax/b"], kept: ["a/x/b", "xa/b"]),
        Row("?", ignored: ["a", "x/a"], kept: ["aa", "é"]),
        Row("??", ignored: ["aa", "é"], kept: ["a"]),
        Row("a?b/c", ignored: ["axb/c"], kept: ["a/b/c", "ab/c"]),
        Row("**", ignored: ["a", "a/b/c/"], kept: []),
        Row("**/", ignored: ["a/", "a/b/"], kept: ["a", "a/b"]),
        Row("**/foo", ignored: ["foo", "a/foo", "a/b/foo"], kept: ["xfoo", "foo/a"]),
        Row("**/foo/bar", ignored: ["foo/bar", "a/b/foo/bar"], kept: ["bar", "foo/a/bar"]),
        Row("abc/**", ignored: ["abc/x", "abc/x/y/"], kept: ["abc", "abc/", "x/abc/y"]),
        Row("/**", ignored: ["a", "a/b"], kept: []),
        Row("a/**/b", ignored: ["a/b", "a/x/b", "a/x/y/b"], kept: ["ab", "a/xb", "x/a/b", "a/b/c"]),
        Row("a/**/b/**/c", ignored: ["a/b/c", "a/b/b/c", "a/x/b/y/z/c"], kept: ["a/c", "a/c/b", "a/b/cc"]),
        Row("**/a/**/b", ignored: ["a/b", "x/a/a/c/b"], kept: ["a", "b/a"]),
        Row("a/**b", ignored: ["a/b", "a/xb"], kept: ["a/x/b"]),
        Row("a**/b", ignored: ["a/b", "axy/b"], kept: ["a/x/b"]),
        Row("a/***/b", ignored: ["a/b", "a/x/y/b"], kept: ["ab"]),
        Row("a/**\\/b", ignored: ["a/x/b", "a/x/y/b"], kept: ["a/b"]),
        Row("a\\/b", ignored: ["a/b"], kept: ["x/a/b", "b"]),
        Row("[ab]c", ignored: ["ac", "bc", "x/ac"], kept: ["cc", "abc", "c"]),
        Row("[!ab]c", ignored: ["cc", "!c"], kept: ["ac", "bc", "c"]),
        Row("[^ab]c", ignored: ["cc", "^c"], kept: ["ac", "bc"]),
        Row("x[a-c0-2]", ignored: ["xa", "xb", "xc", "x1"], kept: ["xd", "x3", "x-"]),
        Row("x[c-a]", ignored: ["xc"], kept: ["xa", "xb", "x-"]),
        Row("x[]-]", ignored: ["x]", "x-"], kept: ["x", "x]-]"]),
        Row("x[!]]", ignored: ["xa"], kept: ["x]"]),
        Row("x[-a]", ignored: ["x-", "xa"], kept: ["xb"]),
        Row("x[\\]a]", ignored: ["x]", "xa"], kept: ["x\\"]),
        Row("x[\\a-\\c]", ignored: ["xa", "xb", "xc"], kept: ["x\\", "x-"]),
        Row("x[[:digit:][:upper:]_]", ignored: ["x7", "xA", "x_"], kept: ["xa", "x:", "x["]),
        Row("x[![:alnum:]]", ignored: ["x_", "x-"], kept: ["x7", "xA"]),
        Row("x[[:foo:]]", ignored: [], kept: ["xf", "x:", "x["]),
        Row("x[a", ignored: [], kept: ["xa", "x[a"]),
        Row("x[a/b]y", ignored: ["xay", "xby"], kept: ["x/y", "x[a/b]y", "a/xay"]),
        Row("a\\*b", ignored: ["a*b"], kept: ["axb", "a\\*b"]),
        Row("a\\", ignored: [], kept: ["a", "a\\"]),
        Row("#a", ignored: [], kept: ["a", "#a"]),
        Row("\\#a", ignored: ["#a"], kept: ["a"]),
        Row("\\!a", ignored: ["!a"], kept: ["a"]),
        Row("!a", ignored: [], kept: ["a", "!a"]),
        Row("a  ", ignored: ["a"], kept: ["a  "]),
        Row("a\\ ", ignored: ["a "], kept: ["a", "a\\ "]),
        Row("a\\  ", ignored: ["a "], kept: ["a", "a  "]),
        Row("a\t", ignored: ["a\t"], kept: ["a"]),
        Row(" a", ignored: [" a"], kept: ["a"]),
        Row("a b", ignored: ["a b"], kept: ["a", "b"]),
        Row("", ignored: [], kept: ["a"]),
        Row("/", ignored: [], kept: ["a", "a/"]),
        Row("//", ignored: [], kept: ["a", "a/"]),
        Row("a//b", ignored: [], kept: ["a/b"]),
    ]

    @Test("A pattern ignores what gitignore(5) says it does", arguments: rows)
    func patterns(row: Row) {
        let fromFile = rules(["": row.pattern + "\n"])
        var fromArgument = IgnoreRules()
        fromArgument.add(pattern: row.pattern)
        for rules in [fromFile, fromArgument] {
            for path in row.ignored { #expect(isIgnored(path, by: rules), "'\(path)'") }
            for path in row.kept { #expect(!isIgnored(path, by: rules), "'\(path)'") }
        }
    }

    @Test("The last pattern that matches decides")
    func lastMatchWins() {
        let rules = rules(["": "*.o\n!keep.o\n/keep.o\n"])
        #expect(isIgnored("x.o", by: rules))
        #expect(isIgnored("keep.o", by: rules))
        #expect(!isIgnored("a/keep.o", by: rules))
    }

    @Test("A deeper file overrides the files above it, in whatever order they were added")
    func deeperFilesOverride() {
        var rules = rules(["a": "!x\n/only\n", "a/b": "x\n"])
        rules.add(pattern: "x")
        #expect(isIgnored("x", by: rules))
        #expect(!isIgnored("a/x", by: rules))
        #expect(!isIgnored("a/c/x", by: rules))
        #expect(isIgnored("a/b/x", by: rules))
        #expect(isIgnored("a/b/c/x", by: rules))
        #expect(isIgnored("a/only", by: rules))
        #expect(!isIgnored("a/b/only", by: rules))
        #expect(isIgnored("ab/x", by: rules), "'a' is no folder above 'ab'")
    }

    @Test("A file does not speak of the folder in which it lies")
    func baseItselfIsNotMatched() {
        let rules = rules(["a": "a\n*\n"])
        #expect(!isIgnored("a/", by: rules))
        #expect(isIgnored("a/a", by: rules))
    }

    @Test("Patterns added later for the same folder override earlier ones")
    func laterAdditionsOverride() {
        var rules = rules(["": "*.o\n"])
        rules.add(pattern: "!keep.o")
        #expect(!isIgnored("keep.o", by: rules))
        rules.add(file: Array("keep.o".utf8), in: [])
        #expect(isIgnored("keep.o", by: rules))
    }

    @Test(
        "Line endings, a byte order mark and a NUL are read as git reads them",
        arguments: [
            "a\r\nb\r\n", "a\nb", "a\nb\r", "\u{FEFF}a\nb\n", "\n\na\n\n#\nb\n", "a\0x\nb\n", "a  \r\nb\n",
        ])
    func lines(text: String) {
        let rules = rules(["": text])
        #expect(isIgnored("a", by: rules))
        #expect(isIgnored("b", by: rules))
        #expect(!isIgnored("x", by: rules))
        #expect(!isIgnored("a\r", by: rules))
    }

    @Test("Names are compared as bytes")
    func namesAreBytes() {
        var rules = IgnoreRules()
        rules.add(file: [0xC3, 0xA9, 0x0A, 0xFF, 0x2A, 0x0A], in: [])
        #expect(rules.isIgnored([0xC3, 0xA9], isDirectory: false))
        #expect(!rules.isIgnored([0x65, 0xCC, 0x81], isDirectory: false), "an é in two code points")
        #expect(rules.isIgnored([0x61, 0x2F, 0xFF, 0x80], isDirectory: false))
    }

    @Test(
        "Rules without a pattern that can match are empty",
        arguments: ["", "\n\n", "# a\n", "a[\n", "!\n/\n", " \n"])
    func emptiness(text: String) {
        #expect(rules(["": text]).isEmpty)
        #expect(!rules(["": text + "a\n"]).isEmpty)
    }

    /// Which would be forever.
    @Test("Many stars take no exponential time")
    func starsAreTame() {
        var rules = IgnoreRules()
        rules.add(pattern: String(repeating: "*a", count: 60) + "*b")
        rules.add(pattern: "/" + String(repeating: "**/a/", count: 60) + "b")
        rules.add(pattern: "/" + String(repeating: "**/*a*a*a/", count: 60) + "b")
        let name = String(repeating: "a", count: 250)
        #expect(!isIgnored(name, by: rules))
        #expect(!isIgnored(String(repeating: "aaaa/", count: 500) + "c", by: rules))
        #expect(isIgnored(name + "b", by: rules))
        #expect(isIgnored(String(repeating: "a/", count: 500) + "b", by: rules))
    }

    private func rules(_ files: [String: String]) -> IgnoreRules {
        var rules = IgnoreRules()
        for (base, text) in files { rules.add(file: Array(text.utf8), in: Array(base.utf8)) }
        return rules
    }

    /// Whether the entry is ignored; a path that ends in `/` is a folder's.
    private func isIgnored(_ path: String, by rules: IgnoreRules) -> Bool {
        let isDirectory = path.utf8.last == UInt8(ascii: "/")
        return rules.isIgnored(Array(path.utf8.dropLast(isDirectory ? 1 : 0)), isDirectory: isDirectory)
    }
}
