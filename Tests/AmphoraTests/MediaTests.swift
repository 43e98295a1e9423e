import TestSupport
import Testing

@testable import Amphora

@Suite("Images of runs")
struct MediaTests {
    private func image(_ shade: UInt8) throws -> PNGImage {
        try PNGImage(grayscale: [shade, shade, shade, shade], width: 2, height: 2)
    }

    private func paths(_ run: Run, in test: TestStore) throws -> [String] {
        try git("ls-tree", "-r", "--name-only", "refs/notes/runs/\(run.id)", "media/", in: test.folder)
            .split(separator: "\n").map(String.init)
    }

    @Test("Images and captions lie at the paths of the format")
    func paths() throws {
        let test = try TestStore()
        let run = try test.startRun()
        try run.log(images: [(image(1), "one"), (image(2), "zwei ☃")], key: "hardest", step: 7)
        try run.log(images: [(image(3), "")], key: "group/of/images")
        try run.finish()
        #expect(
            try paths(run, in: test) == [
                "media/group/of/images/0-0.png", "media/group/of/images/0.json", "media/hardest/7-0.png",
                "media/hardest/7-1.png", "media/hardest/7.json",
            ])
        #expect(
            try git("show", "refs/notes/runs/\(run.id):media/hardest/7.json", in: test.folder)
                == #"{"captions":["one","zwei ☃"]}"# + "\n")
        #expect(try test.store.readMedia("hardest/7-1.png", of: run.id) == image(2).encoded)
    }

    @Test("Images of the same key and step are numbered on, before and after a save")
    func appended() throws {
        let test = try TestStore()
        let run = try test.startRun()
        try run.log(images: [(image(1), "a")], key: "k", step: 1)
        try run.log(images: [(image(2), "b")], key: "k", step: 1)
        try run.flush()
        let again = try test.reopened().resumeRun(run.id)
        try again.log(images: [(image(3), "c"), (image(4), "d")], key: "k", step: 1)
        try again.finish()
        #expect(try test.store.media(of: run.id) == (0..<4).map { "k/1-\($0).png" } + ["k/1.json"])
        for index in 0..<4 {
            let bytes = try test.store.readMedia("k/1-\(index).png", of: run.id)
            #expect(bytes == (try image(UInt8(index + 1)).encoded))
        }
        #expect(
            try test.store.readMedia("k/1.json", of: run.id) == Array(#"{"captions":["a","b","c","d"]}"#.utf8)
                + [10])
    }

    @Test("A key that is no path is refused", arguments: ["", "/a", "a//b", "../x", ".git/x", "a/.amphora"])
    func keys(key: String) throws {
        let test = try TestStore()
        let run = try test.startRun()
        let error = try failure { try run.log(images: [(image(1), "")], key: key) }
        #expect(error.code == .invalidArgument)
        try run.finish()
        #expect(try test.store.media(of: run.id).isEmpty)
    }

    @Test("Keys of which one lies below the other: saving is an error that names them, and the run goes on")
    func conflictingKeys() throws {
        let test = try TestStore()
        let run = try test.startRun()
        try run.log(images: [(image(1), "")], key: "a")
        try run.log(images: [(image(1), "")], key: "a/0")
        try run.finish()
        #expect(
            try test.store.media(of: run.id) == ["a/0-0.png", "a/0.json", "a/0/0-0.png", "a/0/0.json"])
    }

    @Test("An image that is not there is an error")
    func missing() throws {
        let test = try TestStore()
        let run = try test.startRun()
        #expect(try failure { _ = try test.store.readMedia("k/0-0.png", of: run.id) }.code == .notFound)
        #expect(try test.store.media(of: run.id).isEmpty)
    }
}
