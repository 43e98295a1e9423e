import AmphoraObjects
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Paths and statuses of files")
struct FilePathTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "A path is its bytes, and is shown with those that are not text",
        arguments: [
            (Array("/a/ä".utf8), "/a/ä"), ([0x61, 0xff, 0x62], "a\\xffb"), ([], ""),
        ] as [([UInt8], String)])
    func bytes(bytes: [UInt8], shown: String) {
        #expect(FilePath(bytes: bytes).bytes == bytes)
        #expect(FilePath(bytes: bytes).displayed == shown)
    }

    @Test("Relative bytes are appended as components; none leave the path as it is")
    func appending() {
        #expect(FilePath("/a").appending(bytes: Array("b/c".utf8)) == "/a/b/c")
        #expect(FilePath("/a").appending(bytes: []) == "/a")
        #expect(FilePath("/a").appending(bytes: [0xff]).bytes == Array("/a/".utf8) + [0xff])
    }

    @Test(
        "A path is made absolute without looking at the disk; what may be a link before .. stays",
        arguments: [
            ("b", "/a/b"), ("./b//c/", "/a/b/c"), ("/x/./y", "/x/y"), (".", "/a"),
            ("../b", "/a/../b"), ("/x/y/..", "/x/y/.."), ("b/../c", "/a/b/../c"),
        ])
    func absolute(path: String, expected: String) {
        #expect(FilePath(path).absolute(in: "/a") == FilePath(expected))
    }

    @Test("Links are resolved; what is not there cannot be")
    func resolving() throws {
        try scratch.write("folder/file", "")
        try link(scratch("link"), to: "folder")
        let resolved = try FilePath(scratch("link/../link/file")).resolved()
        #expect(try resolved == FilePath(scratch("folder/file")).resolved())
        let error = #expect(throws: FileError.self) { try FilePath(scratch("none")).resolved() }
        #expect(error?.errno == .noSuchFileOrDirectory)
    }

    @Test("A store is told from other folders by what lies in it")
    func stores() throws {
        #expect(!FilePath(scratch.path).isStore)
        try git("init", "--quiet", "--bare", in: scratch.path)
        #expect(!FilePath(scratch.path).isStore, "a repository of git's")
        try git("config", "amphora.format", "1", in: scratch.path)
        #expect(FilePath(scratch.path).isStore)
    }

    @Test("Small text files are written and searched")
    func text() throws {
        let path = FilePath(scratch("file"))
        #expect(try !path.containsText("a"))
        try path.write("first line\n")
        try path.write("second\n")
        #expect(try scratch.read("file") == Array("second\n".utf8))
        #expect(try path.containsText("cond"))
        #expect(try !path.containsText("first"))
        let error = #expect(throws: FileError.self) { try FilePath(scratch("no/file")).write("x") }
        #expect(error?.message == "cannot write '\(scratch("no/file"))': No such file or directory")
    }

    @Test("Folders are made with their parents, and may be there; a file in the way is an error")
    func makingFolders() throws {
        let path = FilePath(scratch("a/b/c"))
        try path.makeFolders()
        try path.makeFolders()
        #expect(try FileStatus(of: path, followLinks: false).kind == .folder)
        try scratch.write("file", "")
        let there = #expect(throws: FileError.self) { try FilePath(scratch("file")).makeFolders() }
        #expect(there?.code == .conflict)
        #expect(there?.message == "cannot use as a folder '\(scratch("file"))': Not a directory")
        let below = #expect(throws: FileError.self) { try FilePath(scratch("file/x")).makeFolders() }
        #expect(below?.code == .conflict)
    }

    @Test("A status says what lies there, with links followed or not")
    func statuses() throws {
        try scratch.write("file", "abc")
        try link(scratch("link"), to: "file")
        _ = try run("mkfifo", ["pipe"], in: scratch.path)
        func kind(_ name: String, follow: Bool) throws -> FileStatus.Kind {
            try FileStatus(of: FilePath(scratch(name)), followLinks: follow).kind
        }
        #expect(try kind("file", follow: false) == .file)
        #expect(try kind("link", follow: false) == .link)
        #expect(try kind("link", follow: true) == .file)
        #expect(try kind(".", follow: false) == .folder)
        #expect(try kind("pipe", follow: false) == .special)
        let status = try FileStatus(of: FilePath(scratch("file")), followLinks: false)
        #expect(status.byteCount == 3)
        #expect(!status.isExecutable)
        #expect(abs(status.modified - FileStatus.now()) < 3_600_000_000_000, "nanoseconds since 1970")
        try makeExecutable(scratch("file"))
        #expect(try FileStatus(of: FilePath(scratch("file")), followLinks: false).isExecutable)
    }

    @Test(
        "A system call that failed has its class of failure and says what to do",
        arguments: [
            (.noSuchFileOrDirectory, .notFound, "Check the path"), (.fileExists, .alreadyExists, nil),
            (.notDirectory, .conflict, "a file or a link"),
            (.isDirectory, .conflict, "a folder of that name"),
            (.tooManySymbolicLinkLevels, .conflict, nil), (.permissionDenied, .unavailable, "ls -ld"),
            (.noSpace, .unavailable, "Free some space"), (.ioError, .unavailable, nil),
        ] as [(Errno, ErrorCode, String?)])
    func errors(errno: Errno, code: ErrorCode, hint: String?) {
        let error = FileError("read", "/a", errno)
        #expect(error.code == code)
        #expect(error.message == "cannot read '/a': \(errno)")
        #expect(hint.map { error.hint?.contains($0) == true } ?? (error.hint == nil))
        #expect(FileError("read", "/a", errno.rawValue) == error)
    }

    @Test("A failure that is no errno counts as one of the disk")
    func otherErrors() {
        #expect(FileError("write", "/a", CancellationError()).errno == .ioError)
    }
}
