import Foundation
import TestSupport
import Testing

@Suite("Versions that somebody forged with git")
struct HostileTests {
    /// Lines for `git mktree`, with `BLOB` for a file's ID and `TREE` for a folder's.
    static let trees: [(String, String)] = [
        ("dots", "040000 tree TREE\t..\n"), ("dot", "040000 tree TREE\t.\n"),
        ("dots-file", "100644 blob BLOB\t..\n"),
        ("git", "040000 tree TREE\t.git\n"), ("git-case", "040000 tree TREE\t.GiT\n"),
        ("git-short", "040000 tree TREE\tgit~1\n"), ("git-file", "100644 blob BLOB\t.git\n"),
        ("link", "120000 blob BLOB\tlink\n"), ("submodule", "160000 commit COMMIT\tsub\n"),
        ("nested", "040000 tree NESTED\tfolder\n"), ("backslash", "100644 blob BLOB\ta\\.git\n"),
    ]

    @Test("Entries that lead elsewhere, links and submodules are refused by get", arguments: trees)
    func refused(name: String, entries: String) throws {
        let project = try Project()
        let blob = try project.blob("../../escaped")
        let tree = try mktree("100644 blob \(blob)\tescaped\n", in: project)
        let nested = try mktree("040000 tree \(tree)\t..\n", in: project)
        let commit = try git("rev-parse", "refs/amphora/root", in: project.store).trimmingCharacters(
            in: .newlines)
        try project.forge(
            entries.replacing("BLOB", with: blob).replacing("TREE", with: tree).replacing(
                "NESTED", with: nested
            )
            .replacing("COMMIT", with: commit), as: name)
        let before = try project.script("find . -path ./.amphora -prune -o -print | sort").output
        let result = try project.attempt("get", name, "--to", "deep/out")
        // Links and submodules are kinds of files that a later format may know.
        let status: Int32 = ["link", "submodule"].contains(name) ? 15 : 13
        #expect(result.status == status, "\(result.error)")
        #expect(result.error.hasPrefix("error: cannot read \(name):v0\n"), "\(result.error)")
        let after = try project.script(
            "find . -path ./.amphora -prune -o -print | grep -v '^./deep' | sort"
        ).output
        #expect(after == before)
        #expect(try project.attempt("verify").status == 13)
        #expect(try project.attempt("files", name).status == status)
    }

    private func mktree(_ text: String, in project: Project) throws -> String {
        try run("git", ["mktree"], in: project.store, input: text).output.trimmingCharacters(in: .newlines)
    }

    @Test("A marker that lies about the length or the digest is found before the file appears")
    func lyingMarker() throws {
        let project = try Project()
        let chunk = try project.blob("content")
        let digest = String(repeating: "0", count: 64)
        let markers = [
            #"{"chunker":"gear-64k","executable":false,"kind":"chunked","sha256":"\#(digest)","size":7}"#,
            #"{"chunker":"gear-64k","executable":false,"kind":"chunked","sha256":"\#(digest)","size":99999999999}"#,
            #"{"chunker":"gear-64k","executable":false,"kind":"chunked","sha256":"\#(digest)","size":-1}"#,
            #"{"kind":"reference","uri":"file:///etc/passwd"}"#, "{}", "not json", "",
        ]
        for (index, marker) in markers.enumerated() {
            let group = try mktree("100644 blob \(chunk)\t000\n", in: project)
            let file = try mktree(
                "100644 blob \(try project.blob(marker))\t.amphora\n040000 tree \(group)\t000000\n",
                in: project)
            try project.forge("040000 tree \(file)\tbig\n", as: "data\(index)")
            let result = try project.attempt("get", "data\(index)", "--to", "out\(index)")
            // Other kinds of files are reserved for later versions of the format.
            #expect(
                result.status == (marker.contains("reference") ? 15 : 13),
                "\(marker): \(result.status) \(result.error)")
            #expect(!project.scratch.exists("out\(index)/big"), "\(marker)")
        }
    }

    @Test("Names with control characters do not reach the terminal raw")
    func controlCharacters() throws {
        let project = try Project()
        try project.scratch.write("in/a\u{1b}[31mred", "1")
        try project.amphora("put", "in", "--name", "data", "--type", "t")
        for command in ["files", "verify", "show"] {
            #expect(try !project.amphora(command, "data").contains("\u{1b}"), "\(command)")
        }
        #expect(try project.amphora("files", "data").contains("a\\u{1b}[31mred"))
    }
}
