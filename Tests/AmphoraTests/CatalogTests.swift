import TestSupport
import Testing

@testable import Amphora

@Suite("Finding versions")
struct CatalogTests {
    @Test("A version is found by its name alone, its alias and its number")
    func references() throws {
        let test = try TestStore()
        let first = try test.put(["a": "1"], aliases: ["best"])
        let second = try test.put(["a": "2"])
        #expect(try test.store.version("data") == second)
        #expect(try test.store.version("data:latest") == second)
        #expect(try test.store.version("data:best") == first)
        #expect(try test.store.version("data:v0") == first)
        #expect(try test.store.version("data:v1") == second)
    }

    @Test("What a version is stays the same when it is read back")
    func readBack() throws {
        let test = try TestStore()
        let logged = try test.put(
            ["a": "1", "b": "22"], description: "subject\n\nbody", metadata: ["k": ["x": 1.5]])
        let read = try test.reopened().version("data")
        #expect(read == logged)
        #expect(read.message == logged.message)
        #expect(read.signature == logged.signature)
        #expect(read.created == TestStore.time)
        #expect(read.subject == "subject")
        #expect((read.fileCount, read.byteCount) == (2, 3))
    }

    @Test("An artifact that is not there: the nearest names, or all, or that there is none")
    func nearestNames() throws {
        let test = try TestStore()
        let none = try failure { _ = try test.store.version("data") }
        #expect(none.message == "there is no artifact 'data'")
        #expect(none.hint == "The store is empty.")
        for name in ["mnist-raw", "mnist-preprocess", "convnet"] { try test.put(name, ["a": name]) }
        let near = try failure { _ = try test.store.version("mnist-rav:v0") }
        #expect(near.code == .notFound)
        #expect(near.message == "there is no artifact 'mnist-rav'")
        #expect(near.hint == "Did you mean 'mnist-raw'?")
        let part = try failure { _ = try test.store.versions(of: ArtifactName("mnist")) }
        #expect(part.hint == "Did you mean 'mnist-raw' or 'mnist-preprocess'?")
        let far = try failure { _ = try test.store.version("zzzzzzzz") }
        #expect(far.hint == "There are: convnet, mnist-preprocess, mnist-raw.")
    }

    @Test("A number or alias that is not there: the versions and aliases that are")
    func whatThereIs() throws {
        let test = try TestStore()
        try test.put(["a": "0"], aliases: ["best"])
        try test.put(["a": "1"])
        for reference in ["data:v7", "data:bets"] {
            let error = try failure { _ = try test.store.version(reference) }
            #expect(error.code == .notFound)
            #expect(error.message == "there is no version '\(reference)'")
            #expect(error.hint == "'data' has the versions v0, v1 and the aliases latest, best.")
        }
        for index in 2..<10 { try test.put(["a": "\(index)"]) }
        let many = try failure { _ = try test.store.version("data:v70") }
        #expect(many.hint == "'data' has the versions v0 to v9 and the aliases latest, best.")
    }

    @Test(
        "A reference that breaks a rule is refused",
        arguments: ["", ":v0", "data:", "data:v01", "data:v", "data:v0:v1", "a/b", "data: best"])
    func malformed(reference: String) throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        if reference == "data:v" {  // A word like any other.
            #expect(try failure { _ = try test.store.version(reference) }.code == .notFound)
        } else {
            #expect(try failure { _ = try test.store.version(reference) }.code == .invalidArgument)
        }
    }

    @Test("Tags and branches of other shapes are passed over")
    func foreignRefs() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let foreign = [
            "refs/tags/release", "refs/tags/data/final", "refs/tags/x/y/v1", "refs/heads/main",
            "refs/tags/data/v01",
            "refs/tags/data/v9223372036854775807", "refs/tags/data/v9223372036854775808",
        ]
        for ref in foreign {
            try git("update-ref", ref, version.commitID.description, in: test.folder)
        }
        #expect(try test.store.artifactNames().map(\.rawValue) == ["data"])
        #expect(try test.store.allVersions() == [version])
        #expect(try test.store.allAliases().map(\.alias) == [.latest])
        #expect(try test.put(["a": "2"]).description == "data:v1")
        #expect(try test.store.verify().isSound)
    }

    @Test("Two versions with one commit: an alias means the one with the higher number")
    func sharedCommit() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        try git("update-ref", "refs/tags/data/v5", version.commitID.description, in: test.folder)
        #expect(try test.store.version("data").description == "data:v5")
        #expect(try test.put(["a": "2"]).description == "data:v6")
    }
}
