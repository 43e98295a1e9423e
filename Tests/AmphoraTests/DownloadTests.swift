import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Downloading versions")
struct DownloadTests {
    @Test("The default folder is artifacts/NAME:vN in the current one")
    func defaultFolder() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1", "b/c": "22"])
        let download = try version.download()
        #expect(download.path == test.scratch("artifacts/data:v0"))
        #expect((download.writtenFileCount, download.writtenByteCount) == (2, 3))
        #expect(try test.scratch.read("artifacts/data:v0/b/c") == Array("22".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: download.path).sorted() == ["a", "b"])
    }

    @Test("What is in place is skipped, what was changed or lost is restored", arguments: [2, 1_100_000])
    func again(byteCount: Int) throws {
        let test = try TestStore()
        let bytes = randomBytes(count: byteCount, seed: 11)
        var artifact = Artifact(name: "data", type: "dataset")
        for name in ["same", "changed", "lost", "mode"] {
            try artifact.addNewFile(name) { try $0.write(bytes) }
        }
        let version = try test.put(artifact)
        try version.download(to: "out")
        let idle = try version.download(to: "out")
        #expect((idle.writtenFileCount, idle.unchangedFileCount) == (0, 4))
        // Of the same length: only the content tells.
        try test.scratch.write("out/changed", bytes.map { ~$0 })
        try FileManager.default.removeItem(atPath: test.scratch("out/lost"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: test.scratch("out/mode"))
        let second = try version.download(to: "out")
        #expect((second.writtenFileCount, second.unchangedFileCount) == (3, 1))
        for name in ["same", "changed", "lost", "mode"] {
            #expect(try test.scratch.read("out/\(name)") == bytes)
        }
        #expect(!FileManager.default.isExecutableFile(atPath: test.scratch("out/mode")))
    }

    @Test("A file changed back and forth within one clock tick is noticed")
    func racy() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        for _ in 0..<20 {
            try version.download(to: "out")
            try test.scratch.write("out/a", "2")
            #expect(try version.download(to: "out").writtenFileCount == 1)
            #expect(try test.scratch.read("out/a") == Array("1".utf8))
        }
    }

    @Test("Executable files are executable")
    func executable() throws {
        let test = try TestStore()
        let path = try test.scratch.write("tool", "#!/bin/sh\necho works\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addFile(path)
        try test.put(artifact).download(to: "out")
        #expect(try run(test.scratch("out/tool"), [], in: test.scratch.path).output == "works\n")
    }

    @Test("Prefixes take files and folders, and nothing beside them")
    func prefixes() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1", "b/c": "2", "b/d": "3", "bc": "4"])
        let download = try version.download(to: "out", paths: ["b/", "a"])
        #expect(download.writtenFileCount == 3)
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: test.scratch("out")).sorted() == [
                "a", "b", "b/c", "b/d",
            ])
        let one = try version.download(to: "one", paths: ["b/d"])
        #expect(one.writtenFileCount == 1)
    }

    @Test("A path that the version does not have is an error, and nothing is written")
    func missingPath() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        for path in ["b", "a/b"] {
            let error = try failure { try version.download(to: "out", paths: ["a", path]) }
            #expect(error.code == .notFound)
            #expect(error.message == "there is no file or folder '\(path)'")
        }
        let escape = try failure { try version.download(to: "out", paths: ["../x"]) }
        #expect(escape.code == .invalidArgument)
        #expect(!test.scratch.exists("out/a"))
    }

    @Test("Other files stay, unless the copy is to be exact")
    func exact() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1", "b/c": "2"])
        for extra in ["out/extra", "out/b/extra", "out/x/y/extra"] { try test.scratch.write(extra, "mine") }
        try test.scratch.write("outside", "mine")
        try FileManager.default.createSymbolicLink(
            atPath: test.scratch("out/link"), withDestinationPath: "../outside")
        #expect(try version.download(to: "out").removedFileCount == 0)
        #expect(test.scratch.exists("out/x/y/extra"))
        #expect(try version.download(to: "out", exact: true).removedFileCount == 4)
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: test.scratch("out")).sorted() == [
                "a", "b", "b/c",
            ])
        #expect(try test.scratch.read("outside") == Array("mine".utf8))
        let part = try failure { try version.download(to: "out", paths: ["a"], exact: true) }
        #expect(part.code == .invalidArgument)
        #expect(part.message == "an exact copy is of the whole version, not of a part")
    }

    @Test("A link where a file belongs is replaced, not written through")
    func linkInPlace() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.scratch.write("outside", "mine")
        try test.scratch.write("out/x", "")
        try FileManager.default.createSymbolicLink(
            atPath: test.scratch("out/a"), withDestinationPath: "../outside")
        try version.download(to: "out")
        #expect(try test.scratch.read("outside") == Array("mine".utf8))
        #expect(try test.scratch.read("out/a") == Array("1".utf8))
        #expect(
            try FileManager.default.attributesOfItem(atPath: test.scratch("out/a"))[.type]
                as? FileAttributeType
                == .typeRegular)
    }

    @Test("A link where a folder belongs is an error: nothing outside is touched")
    func linkOnTheWay() throws {
        let test = try TestStore()
        let version = try test.put(["b/c": "1"])
        try FileManager.default.createDirectory(
            atPath: test.scratch("elsewhere"), withIntermediateDirectories: true)
        try test.scratch.write("out/x", "")
        try FileManager.default.createSymbolicLink(
            atPath: test.scratch("out/b"), withDestinationPath: "../elsewhere")
        let error = try failure { try version.download(to: "out") }
        #expect(error.code == .conflict)
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.scratch("elsewhere")).isEmpty)
    }

    @Test("A folder where a file belongs, and a file as the target, are errors that name them")
    func inTheWay() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.scratch.write("out/a/mine", "mine")
        let folder = try failure { try version.download(to: "out") }
        #expect(folder.code == .conflict)
        #expect(folder.message == "cannot restore 'a'")
        #expect(folder.causes.first?.contains(test.scratch("out/a")) == true)
        #expect(try test.scratch.read("out/a/mine") == Array("mine".utf8))
        try test.scratch.write("file", "mine")
        let file = try failure { try version.download(to: "file") }
        #expect(file.message.contains(test.scratch("file")))
        #expect(try test.scratch.read("file") == Array("mine".utf8))
    }
}

@Suite("Folders that a version must not be put into")
struct DownloadTargetTests {
    @Test("An exact copy around the store, or any copy in it, is refused and changes nothing")
    func store() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.scratch.write("project/mine", "keep me")
        for (folder, isExact) in [
            ("project", true), (".", true), ("project/.amphora/refs", false), ("", false),
        ] {
            let error = try failure { try version.download(to: folder, exact: isExact) }
            #expect(error.code == .invalidArgument, "\(folder)")
        }
        #expect(test.scratch.exists("project/mine"))
        #expect(!test.scratch.exists("project/a"))
        #expect(try test.reopened().verify().isSound)
    }

    @Test("An exact copy keeps a .git folder and other stores")
    func kept() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try test.scratch.write("out/.git/HEAD", "x")
        try test.scratch.write("out/extra/file", "x")
        _ = try Store.create(at: test.scratch("out/other"))
        let download = try version.download(to: "out", exact: true)
        #expect(download.removedFileCount == 1)
        #expect(test.scratch.exists("out/.git/HEAD"))
        #expect(test.scratch.exists("out/other/.amphora/config"))
        #expect(!test.scratch.exists("out/extra"))
    }

    @Test("The default folder is one that neither git nor a put of the project takes along")
    func ignored() throws {
        let test = try TestStore()
        try test.put(["a": "1"]).download()
        #expect(try test.scratch.read("artifacts/.gitignore") == Array("*\n".utf8))
        var artifact = Artifact(name: "all", type: "t")
        try artifact.addDirectory(test.scratch.path)
        #expect(artifact.isEmpty)
    }
}
