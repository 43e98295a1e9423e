import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Files of an artifact")
struct ArtifactFilesTests {
    @Test("A new file holds all that was written to it")
    func newFile() throws {
        let test = try TestStore()
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addNewFile("deep/er/file.txt") { file in
            try file.write("text, ")
            try file.write([98, 121, 116, 101, 115])
        }
        try artifact.addNewFile("empty") { _ in }
        let version = try test.put(artifact)
        #expect(try version.read("deep/er/file.txt") == Array("text, bytes".utf8))
        #expect(try version.read("empty").isEmpty)
        #expect((version.fileCount, version.byteCount) == (2, 11))
    }

    @Test("What writing a new file throws is thrown on, and the file is not added")
    func newFileFails() throws {
        struct Stop: Error {}
        var artifact = Artifact(name: "data", type: "dataset")
        #expect(throws: Stop.self) { try artifact.addNewFile("file") { _ in throw Stop() } }
        #expect(artifact.isEmpty)
        try artifact.addNewFile("file") { try $0.write("second try") }
        #expect(!artifact.isEmpty)
    }

    @Test("A file goes under its own name, or another, with its executable bit")
    func addFile() throws {
        let test = try TestStore()
        let plain = try test.scratch.write("in/plain.txt", "plain")
        let script = try test.scratch.write("in/script", "#!/bin/sh\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addFile(plain)
        try artifact.addFile(script, as: "bin/run")
        let version = try test.put(artifact)
        let modes = try git("ls-tree", "-r", "--format=%(objectmode) %(path)", "data/v0", in: test.folder)
        #expect(modes == "100755 bin/run\n100644 plain.txt\n")
        #expect(try version.files().map(\.isExecutable) == [true, false])
    }

    @Test("A link to a file is kept as the file")
    func addLink() throws {
        let test = try TestStore()
        let file = try test.scratch.write("in/file", "content")
        try FileManager.default.createSymbolicLink(atPath: test.scratch("link"), withDestinationPath: file)
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addFile(test.scratch("link"))
        #expect(try test.put(artifact).read("link") == Array("content".utf8))
        #expect(try git("ls-tree", "data/v0", in: test.folder).hasPrefix("100644 blob "))
    }

    @Test("What is no file is refused by name")
    func noFile() throws {
        let scratch = try Scratch()
        try scratch.write("folder/file", "")
        #expect(mkfifo(scratch("pipe"), 0o600) == 0)
        var artifact = Artifact(name: "data", type: "dataset")
        let missing = try failure { try artifact.addFile(scratch("missing")) }
        #expect(missing.code == .notFound)
        #expect(missing.message.contains("'\(scratch("missing"))'"))
        let folder = try failure { try artifact.addFile(scratch("folder")) }
        #expect(folder.message == "cannot add '\(scratch("folder"))' as a file: it is a folder")
        let pipe = try failure { try artifact.addFile(scratch("pipe")) }
        #expect(pipe.message == "cannot add '\(scratch("pipe"))': it is a socket, a pipe or a device")
        let root = try failure { try artifact.addFile("/") }
        #expect(root.code == .invalidArgument)
        #expect(artifact.isEmpty)
    }

    @Test(
        "A path that git or the format refuses is refused with its rule",
        arguments: [
            ("", "the path '' is not allowed: a name in the path is empty"),
            ("a//b", "the path 'a//b' is not allowed: a name in the path is empty"),
            ("/a", "the path '/a' is not allowed: a path inside an artifact does not begin with '/'"),
            ("../a", "the path '../a' is not allowed: '.' and '..' are not file names"),
            ("a/./b", "the path 'a/./b' is not allowed: '.' and '..' are not file names"),
            (".git/config", "the path '.git/config' is not allowed: git refuses every spelling of '.git'"),
            ("a/.GIT", "the path 'a/.GIT' is not allowed: git refuses every spelling of '.git'"),
            ("git~1", "the path 'git~1' is not allowed: git refuses every spelling of '.git'"),
            ("a/.amphora", "the path 'a/.amphora' is not allowed: every spelling of '.amphora' is reserved"),
        ] as [(String, String)])
    func paths(path: String, message: String) throws {
        var artifact = Artifact(name: "data", type: "dataset")
        let error = try failure { try artifact.addNewFile(path) { _ in } }
        #expect(error.code == .invalidArgument)
        #expect(error.message == message)
    }

    @Test("A path is taken once")
    func pathTaken() throws {
        let scratch = try Scratch()
        let first = try scratch.write("one/file", "1")
        let second = try scratch.write("two/file", "2")
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addFile(first)
        let error = try failure { try artifact.addFile(second) }
        #expect(error.code == .alreadyExists)
        #expect(error.message == "cannot add 'file' twice: it is '\(first)' already")
        #expect(error.hint == "Add one of them under another path, or remove the first.")
        let folder = try failure { try artifact.addDirectory(scratch("two")) }
        #expect(folder.code == .alreadyExists)
        try artifact.remove("file")
        try artifact.addFile(second)
        #expect(artifact.files.count == 1)
    }

    @Test("A path cannot be both a file and a folder")
    func fileAndFolder() throws {
        let test = try TestStore()
        let error = try failure { try test.put(["a": "1", "a/b": "2"]) }
        #expect(error.code == .conflict)
        #expect(error.message == "cannot put 'a/b': a folder on its way is a file")
        #expect(try test.refs("refs/tags").isEmpty)
    }

    @Test("A folder's files keep their folders; a prefix puts them below a folder")
    func addDirectory() throws {
        let test = try TestStore()
        try test.scratch.write("in/a", "1")
        try test.scratch.write("in/b/c", "2")
        try FileManager.default.createDirectory(
            atPath: test.scratch("in/empty"), withIntermediateDirectories: true)
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addDirectory(test.scratch("in"))
        try artifact.addDirectory(test.scratch("in"), as: "more/of it")
        let paths = try test.put(artifact).files().map(\.path.description)
        #expect(paths == ["a", "b/c", "more/of it/a", "more/of it/b/c"])
    }

    @Test("Ignored files, repositories and stores are left out, the latter with a notice")
    func leftOut() throws {
        let test = try TestStore()
        try test.scratch.write("project/keep", "1")
        try test.scratch.write("project/.amphoraignore", "*.tmp\n")
        try test.scratch.write("project/x.tmp", "1")
        try test.scratch.write("project/sub/.git/config", "1")
        try test.scratch.write("project/sub/logs/y", "1")
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addDirectory(test.scratch("project"), excluding: ["logs/"])
        #expect(try test.put(artifact).files().map(\.path.description) == [".amphoraignore", "keep"])
        #expect(artifact.skippedRepositories == [".amphora", "sub/.git"])
    }

    @Test("Nothing is added of a folder that holds something that cannot be kept")
    func allOrNothing() throws {
        let scratch = try Scratch()
        try scratch.write("in/a", "1")
        #expect(mkfifo(scratch("in/pipe"), 0o600) == 0)
        var artifact = Artifact(name: "data", type: "dataset")
        let error = try failure { try artifact.addDirectory(scratch("in")) }
        #expect(error.message == "cannot add '\(scratch("in/pipe"))': it is a socket, a pipe or a device")
        #expect(artifact.isEmpty)
    }

    @Test("Links are followed, refused or counted, as asked")
    func links() throws {
        let test = try TestStore()
        try test.scratch.write("in/a", "1")
        try test.scratch.write("outside", "2")
        let files = FileManager.default
        try files.createSymbolicLink(atPath: test.scratch("in/inner"), withDestinationPath: "a")
        var inside = Artifact(name: "data", type: "dataset")
        try inside.addDirectory(test.scratch("in"))
        #expect(try test.put(inside).read("inner") == Array("1".utf8))
        try files.createSymbolicLink(atPath: test.scratch("in/outer"), withDestinationPath: "../outside")
        let error = try failure { try inside.addDirectory(test.scratch("in"), as: "again") }
        #expect(
            error.message
                == "the link '\(test.scratch("in/outer"))' leads out of the folder, to '\(test.scratch("outside"))'"
        )
        var followed = Artifact(name: "data", type: "dataset")
        try followed.addDirectory(test.scratch("in"), links: .follow)
        #expect(try test.put(followed).read("outer") == Array("2".utf8))
        var skipped = Artifact(name: "data", type: "dataset")
        try skipped.addDirectory(test.scratch("in"), links: .skip)
        #expect(skipped.skippedLinkCount == 2)
        #expect(try test.put(skipped).files().map(\.path.description) == ["a"])
    }

    @Test("Removing takes out a file or all below a folder; removing nothing is an error")
    func remove() throws {
        let test = try TestStore()
        var artifact = try test.artifact(["a": "1", "b/c": "2", "b/d": "3", "bc": "4"])
        try artifact.remove("b")
        #expect(try test.put(artifact).files().map(\.path.description) == ["a", "bc"])
        let error = try failure { try artifact.remove("b") }
        #expect(error.code == .notFound)
        #expect(error.message == "there is no file or folder 'b'")
    }
}
