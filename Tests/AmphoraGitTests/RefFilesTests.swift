import AmphoraObjects
import Testing

@testable import AmphoraGit

@Suite("Files of refs")
struct RefFilesTests {
    private let digits = "0123456789abcdef0123456789abcdef01234567"

    private func target(_ text: String) -> ObjectID? {
        Array(text.utf8).withUnsafeBytes { LooseRef.target(in: $0) }
    }

    @Test("A loose ref is 40 digits, then nothing or white space, as git has it")
    func loose() throws {
        let id = try ObjectID(hex: digits)
        for tail in ["", "\n", " \n", "\tanything"] { #expect(target(digits + tail) == id) }
        for text in [
            "", "\n", "ref: refs/heads/x\n", digits.dropLast() + "\n", "\(digits)0\n", "\(digits)\0",
        ] {
            #expect(target(String(text)) == nil, "\(text)")
        }
    }

    private func packed(_ text: String) throws -> (refs: [String], isFullyPeeled: Bool) {
        var refs: [String] = []
        var isFullyPeeled = false
        try Array(text.utf8).withUnsafeBytes { bytes in
            isFullyPeeled = try PackedRefs.read(bytes) {
                refs.append("\(String(decoding: $0, as: UTF8.self))=\($1)")
            } peeled: {
                refs.append("^\($0)")
            }
        }
        return (refs, isFullyPeeled)
    }

    @Test("Packed refs are read in order, with what tags stand for")
    func packed() throws {
        let text = """
            # pack-refs with: peeled fully-peeled sorted
            \(digits) refs/heads/a b
            \(digits) refs/tags/x
            ^\(digits)
            \(digits) refs/tags/y
            """
        var expected = ["refs/heads/a b", "refs/tags/x", "refs/tags/y"].map { "\($0)=\(digits)" }
        expected.insert("^\(digits)", at: 2)
        #expect(try packed(text) == (expected, true))
        #expect(try packed(text + "\n").refs == expected)
        #expect(try packed(text.replacing(" fully-peeled", with: "")) == (expected, false))
        #expect(try packed("") == ([], false))
    }

    @Test(
        "A malformed line is an error",
        arguments: ["nonsense", "0123 refs/x", "0123456789abcdef0123456789abcdef01234567refs/x\n", "\n"])
    func malformed(text: String) {
        #expect(throws: MalformedObject.self) { try packed(text) }
    }
}
