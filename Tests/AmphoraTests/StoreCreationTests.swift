import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Making and opening stores")
struct StoreCreationTests {
    @Test(
        "A new store has the settings of the format",
        arguments: [
            ("amphora.formatVersion", "1"), ("core.bare", "true"), ("core.logAllRefUpdates", "always"),
            ("core.bigFileThreshold", "64k"), ("pack.deltaCacheSize", "65536"), ("pack.windowMemory", "64m"),
            ("gc.auto", "0"), ("uploadpack.allowFilter", "true"), ("uploadpack.allowAnySHA1InWant", "true"),
            ("notes.displayRef", "refs/notes/runs/*"),
        ] as [(String, String)])
    func settings(key: String, value: String) throws {
        let test = try TestStore()
        #expect(try git("config", "--get", key, in: test.folder) == "\(value)\n")
    }

    @Test("A new store holds the root commit, shallow, and nothing else")
    func rootCommit() throws {
        let test = try TestStore()
        let root = try git("rev-parse", "refs/amphora/root", in: test.folder)
        #expect(try test.refs("refs") == ["refs/amphora/root"])
        #expect(String(decoding: try test.scratch.read("project/.amphora/shallow"), as: UTF8.self) == root)
        #expect(
            try git("cat-file", "commit", "refs/amphora/root", in: test.folder) == """
                tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904
                author amphora <amphora@localhost> 0 +0000
                committer amphora <amphora@localhost> 0 +0000

                amphora store

                """)
        try git("fsck", "--strict", in: test.folder)
    }

    @Test(
        "A project is called as its folder, dots and all; a repository without one as itself",
        arguments: [("mnist.v2", false, "mnist.v2"), ("mnist.git", true, "mnist"), (".data", false, ".data")])
    func projectName(folder: String, isBare: Bool, name: String) throws {
        let scratch = try Scratch()
        let store = try Store.create(at: scratch(folder), isBare: isBare)
        #expect(store.projectName == name)
    }

    @Test("The root commit is the same in every store")
    func sameRoot() throws {
        for isBare in [false, true] {
            let test = try TestStore(isBare: isBare)
            #expect(
                try git("rev-parse", "refs/amphora/root", in: test.folder)
                    == "fd7fcf5a7ff14d23697dc59ed80620f9fca3e640\n")
        }
    }

    @Test("In a project the store ignores itself, for the code repository around it")
    func ignoresItself() throws {
        let test = try TestStore()
        let project = test.scratch("project")
        try git("init", "--quiet", in: project)
        #expect(try git("status", "--porcelain", in: project) == "")
        #expect(try test.scratch.read("project/.amphora/.gitignore") == Array("*\n".utf8))
    }

    @Test("A bare store is the folder itself and has no .gitignore")
    func bare() throws {
        let test = try TestStore(isBare: true)
        #expect(test.folder == test.scratch("bare.git"))
        #expect(test.scratch.exists("bare.git/HEAD"))
        #expect(!test.scratch.exists("bare.git/.gitignore"))
        #expect(!test.scratch.exists("bare.git/.amphora"))
        #expect(try Store.open(at: test.folder).path == test.folder)
        let below = try Store.open(discoveringFrom: "\(test.folder)/objects")
        #expect(below.path == test.folder)
    }

    @Test("A store is found from its folder and from those below")
    func discovery() throws {
        let test = try TestStore()
        try test.scratch.write("project/deep/er/file", "")
        let places = ["project", "project/deep/er", "project/.amphora", "project/.amphora/refs"]
        for place in places {
            #expect(try Store.open(discoveringFrom: test.scratch(place)).path == test.folder, "\(place)")
        }
    }

    @Test("Relative paths begin in the current folder of the surroundings")
    func relative() throws {
        let scratch = try Scratch()
        let surroundings = TestStore.surroundings(in: scratch.path)
        let store = try Store.create(at: "a/b", surroundings: surroundings)
        #expect(store.path == scratch("a/b/.amphora"))
        #expect(try Store.open(discoveringFrom: "a/b", surroundings: surroundings).path == store.path)
    }

    @Test("Where there is no store, the error says how to make one")
    func noStore() throws {
        let scratch = try Scratch()
        let around = try failure { _ = try Store.open(discoveringFrom: scratch.path) }
        #expect(around.code == .notFound)
        #expect(around.message == "there is no store in '\(scratch.path)' or a folder around it")
        #expect(around.hint == "Make one with `amphora init`, or name one with `--store PATH`.")
        let exact = try failure { _ = try Store.open(at: scratch.path) }
        #expect(exact.code == .notFound)
        #expect(exact.message == "'\(scratch.path)' is not a store")
    }

    @Test("A plain git repository is no store", arguments: [[], ["--bare"]] as [[String]])
    func plainRepository(options: [String]) throws {
        let scratch = try Scratch()
        #expect(try run("git", ["init", "--quiet"] + options + ["repo"], in: scratch.path).status == 0)
        let error = try failure { _ = try Store.open(at: scratch("repo")) }
        #expect(error.code == .notFound)
        #expect(error.message == "'\(scratch("repo"))' is not a store")
        let around = try failure { _ = try Store.open(discoveringFrom: scratch("repo")) }
        #expect(around.message == "there is no store in '\(scratch("repo"))' or a folder around it")
    }

    @Test("A newer format is refused", arguments: ["2", "17", "0", "-1", "one"])
    func newerFormat(version: String) throws {
        let test = try TestStore()
        try git("config", "amphora.formatVersion", version, in: test.folder)
        let error = try failure { _ = try Store.open(at: test.folder) }
        #expect(error.code == .unavailable)
        #expect(
            error.message
                == "the store '\(test.folder)' has format \(version), this amphora knows formats up to 1")
        #expect(error.hint == "Update amphora.")
    }

    @Test("A second store in the same folder is refused, and the first stays as it is")
    func twice() throws {
        let test = try TestStore()
        let before = try test.put(["a": "1"])
        let error = try failure { _ = try Store.create(at: test.scratch("project")) }
        #expect(error.code == .alreadyExists)
        #expect(error.message == "there is a store at '\(test.folder)' already")
        #expect(try test.reopened().version("data").commitID == before.commitID)
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.scratch("project")) == [".amphora"])
    }

    @Test("All of amphora's own files can be deleted without loss")
    func ownFiles() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try FileManager.default.removeItem(atPath: "\(test.folder)/amphora")
        let store = try test.reopened()
        #expect(try store.version("data").read("a") == Array("1".utf8))
        #expect(try store.verify().isSound)
    }

    @Test("HEAD names the first artifact's latest alias, and stays there")
    func head() throws {
        let test = try TestStore()
        try test.put("first", ["a": "1"])
        try test.put("second", ["a": "2"])
        #expect(try git("symbolic-ref", "HEAD", in: test.folder) == "refs/heads/first/latest\n")
    }
}
