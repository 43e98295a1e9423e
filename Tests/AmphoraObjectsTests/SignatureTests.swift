import AmphoraObjects
import Foundation
import TestSupport
import Testing

@Suite("Signatures")
struct SignatureTests {
    private static let date = Date(timeIntervalSince1970: 981_173_106)

    private static func signature(_ name: String, _ email: String = "ada@example.com") -> Signature {
        Signature(name: name, email: email, date: date)
    }

    static let names: [String] = [
        "Ada Lovelace", "  Ada  Lovelace ", "Ada <the first>", "Ada\nLovelace", "\"Ada\"", "'Ada'.", ",Ada;",
        "Ada:",
        "\\Ada\\", "Dr. Ada, Ph.D.", "Ädä", "安達", "a", ".a.", "O'Neil", "Ada <", "\u{1}Ada\u{1}", "-Ada-",
        "(Ada)",
    ]

    @Test("Names are cleaned as git cleans them", arguments: names)
    func cleaning(name: String) throws {
        let scratch = try Scratch()
        try git("init", "--quiet", in: scratch.path)
        let treeID = try git("hash-object", "-w", "-t", "tree", "/dev/null", in: scratch.path).trimmingNewline
        let made = try run(
            "git", ["commit-tree", "-m", "x", treeID], in: scratch.path,
            environment: ["GIT_AUTHOR_NAME": name])
        let text = try git("cat-file", "commit", made.output.trimmingNewline, in: scratch.path)
        let line = "author \(Self.signature(name, "test@example.com").encoded)"
        #expect(
            text.utf8.split(separator: 10).contains { $0.elementsEqual(line.utf8) },
            "\(line) is not in \(text)")
    }

    @Test(
        "Characters that would break the line are dropped",
        arguments: [
            ("A\0da", "Ada"), ("A\u{7}da", "Ada"), ("A\rda", "Ada"), ("A\tda", "Ada"), ("<>", "unknown"),
            ("", "unknown"), (" \n", "unknown"), ("...", "unknown"), ("Ada\n\ntree x", "Adatree x"),
        ])
    func dropped(text: String, kept: String) {
        let signature = Self.signature(text, text)
        #expect(signature.name == kept)
        #expect(signature.email == kept)
    }

    @Test(
        "The date is kept to the second, rounded down",
        arguments: [(1.999, 1), (-0.5, -1), (0, 0), (1e9, 1_000_000_000)])
    func seconds(given: Double, kept: Int) {
        let signature = Signature(name: "a", email: "b", date: Date(timeIntervalSince1970: given))
        #expect(signature.encoded == "a <b> \(kept) +0000")
        #expect(signature.date == Date(timeIntervalSince1970: Double(kept)))
    }

    @Test(
        "A signature is read as it was written",
        arguments: ["Ada Lovelace", "安達", "\u{301}x", "a\u{301}", "Dr. A"])
    func roundTrip(name: String) {
        for signature in [Self.signature(name), Self.signature("a", name)] {
            #expect(Signature(decoding: signature.encoded) == signature)
            #expect(signature.person == "\(signature.name) <\(signature.email)>")
        }
    }

    @Test(
        "What other programs wrote is read, wherever its clock stood",
        arguments: [
            ("A <a@b> 1700000000 +0530", "A", "a@b", 1_700_000_000), ("A <a@b> 5 -0800", "A", "a@b", 5),
            ("<a@b> 0 +0000", "", "a@b", 0), (" <> 0 +0000", "", "", 0),
            ("A B <a b> -5 +0000", "A B", "a b", -5),
            ("A <a@b> 7", "A", "a@b", 7),
        ])
    func foreign(text: String, name: String, email: String, seconds: Int) throws {
        let signature = try #require(Signature(decoding: text))
        #expect(signature.name == name)
        #expect(signature.email == email)
        #expect(signature.date == Date(timeIntervalSince1970: Double(seconds)))
    }

    @Test(
        "Text that is no signature, or of no time, is none",
        arguments: [
            "", "A", "A <a@b>", "A <a@b> ", "A a@b> 1 +0000", "A <a@b 1 +0000", "A <a@b> x +0000",
            "A <a@b> inf +0000",
            "A <a@b> nan +0000", "A <a@b> 1e300 +0000", "A <a@b> 9223372036854775807 +0000",
            "A <a@b> 99999999999999999999 +0000", "A <a@b> -9223372036854775808 +0000", "A <a@b> 1.5 +0000",
        ])
    func malformed(text: String) {
        #expect(Signature(decoding: text) == nil)
    }
}
