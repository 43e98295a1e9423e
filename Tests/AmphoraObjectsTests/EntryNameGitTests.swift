import AmphoraObjects
import TestSupport
import Testing

/// Holds our verdicts against those of the real git.
@Suite("Names of files, against git")
struct EntryNameGitTests {
    private let scratch: Scratch
    private let blobID: String

    init() throws {
        scratch = try Scratch()
        try git("init", "--quiet", in: scratch.path)
        try git("config", "core.protectHFS", "true", in: scratch.path)
        try git("config", "core.protectNTFS", "true", in: scratch.path)
        try scratch.write("content", "")
        blobID = try git("hash-object", "-w", "content", in: scratch.path).trimmingNewline
    }

    private func isRefused(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return (try? EntryName.check(bytes[...], in: bytes)) == nil
    }

    /// Which of the names `git fsck --strict` complains of, each in a tree of its own.
    private func namesRefusedByFsck(_ names: [String]) throws -> Set<[UInt8]> {
        let input = names.map { "100644 blob \(blobID)\t\($0)\0\0" }.joined()
        let made = try run("git", ["mktree", "-z", "--batch"], in: scratch.path, input: input)
        let ids = made.output.split(separator: "\n")
        try #require(ids.count == names.count, "\(made.error)")
        let report = try run("git", ["fsck", "--strict", "--no-dangling"], in: scratch.path)
        let complaints = report.error.split(separator: "\n").filter { $0.contains("has") }.joined(
            separator: "\n")
        return Set(zip(names, ids).filter { complaints.contains($1) }.map { Array($0.0.utf8) })
    }

    private func expectAgreementWithFsck(_ names: [String]) throws {
        let refused = try namesRefusedByFsck(names)
        for name in names {
            #expect(isRefused(name) == refused.contains(Array(name.utf8)), "\(Array(name.utf8)) '\(name)'")
        }
    }

    @Test("fsck refuses the names of the tables in the other suite, and no others")
    func tables() throws {
        try expectAgreementWithFsck([".", ".."] + EntryNameTests.dotGit + EntryNameTests.allowed)
    }

    @Test("fsck agrees on names that are nearly .git", arguments: UInt64(1)...3)
    func nearlyDotGit(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let insertions = [
            " ", ".", ":", "\\", "\u{200c}", "\u{206a}", "\u{feff}", "\u{200b}", "x", "~1", "g", "I",
        ]
        let names = (0..<300).map { _ in
            var scalars = Array((Bool.random(using: &random) ? ".git" : "git~1").unicodeScalars)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let insertion = insertions[Int.random(in: 0..<insertions.count, using: &random)]
                let index =
                    Bool.random(using: &random)
                    ? scalars.count : Int.random(in: 0...scalars.count, using: &random)
                scalars.insert(contentsOf: insertion.unicodeScalars, at: index)
            }
            return String(String.UnicodeScalarView(scalars))
        }
        try expectAgreementWithFsck(names)
    }

    @Test(
        "update-index refuses the same names",
        arguments: EntryNameTests.dotGit.filter { $0 != "\\.git" } + [".", "..", ""])
    func refusedByTheIndex(name: String) throws {
        let arguments = ["update-index", "--add", "--cacheinfo", "100644,\(blobID),\(name)"]
        #expect(try run("git", arguments, in: scratch.path).status != 0)
        #expect(isRefused(name))
    }

    @Test("update-index takes the names that are kept", arguments: EntryNameTests.allowed)
    func takenByTheIndex(name: String) throws {
        try git("update-index", "--add", "--cacheinfo", "100644,\(blobID),\(name)", in: scratch.path)
        #expect(!isRefused(name))
    }
}

extension String {
    var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
