import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Verifying a store")
struct VerifyTests {
    private func objectPath(_ id: String, in test: TestStore) -> String {
        "\(test.folder)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    }

    /// Flips one bit in the compressed content of a loose object.
    private func flip(_ id: String, in test: TestStore) throws {
        let path = objectPath(id, in: test)
        var bytes = try Data(contentsOf: URL(filePath: path))
        bytes[bytes.count / 2] ^= 0x10
        try FileManager.default.removeItem(atPath: path)
        try bytes.write(to: URL(filePath: path))
    }

    private func remove(_ id: String, in test: TestStore) throws {
        try FileManager.default.removeItem(atPath: objectPath(id, in: test))
    }

    private func found(_ report: Verification) -> [String] {
        report.damages.map { "\($0.subject) \($0.path?.description ?? "-") \($0.isMissing)" }
    }

    @Test("A sound store is told what was read")
    func sound() throws {
        let test = try TestStore()
        try test.put(["a": "1", "b": "22"])
        try test.put(["a": "1", "b": "333"])
        let report = try test.store.verify()
        #expect(report.isSound)
        #expect((report.versionCount, report.fileCount, report.runCount) == (2, 4, 2))
        #expect(report.byteCount == 6, "what versions share is read once")
    }

    @Test("A flipped bit names the artifact, every version and the file")
    func flipped() throws {
        let test = try TestStore()
        let first = try test.put(["dir/a": "the content of a", "b": "1"])
        try test.put(["dir/a": "the content of a", "b": "2"])
        try test.put("other", ["x/y": "the content of a"])
        try test.put("fine", ["z": "3"])
        try flip(try first.files()[1].id.description, in: test)
        let store = try test.reopened()
        #expect(
            found(try store.verify()) == ["data:v0 dir/a false", "data:v1 dir/a false", "other:v0 x/y false"])
        #expect(try store.verify(only: store.version("fine")).isSound)
        #expect(found(try store.verify(only: store.version("data:v1"))) == ["data:v1 dir/a false"])
        let error = try failure { _ = try store.version("data").read("dir/a") }
        #expect(error.code == .corrupt)
        #expect(error.message == "cannot read 'dir/a' of data:v1")
        #expect(try store.version("data").read("b") == Array("2".utf8))
        let download = try failure { try store.version("data").download() }
        #expect(download.message == "cannot read 'dir/a' of data:v1")
        #expect(!test.scratch.exists("artifacts/data:v1/dir/a"))
    }

    @Test("A damaged chunk is found by a full check; a missing one by the quick one too")
    func chunk() throws {
        let test = try TestStore()
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addNewFile("big") { try $0.write(randomBytes(count: 1_300_000, seed: 6)) }
        try test.put(artifact)
        let chunk = try #require(try test.tree("data/v0")["big/000000/003"])
        try flip(chunk, in: test)
        #expect(found(try test.reopened().verify()) == ["data:v0 big false"])
        try remove(chunk, in: test)
        #expect(found(try test.reopened().verify()) == ["data:v0 big true"])
        #expect(found(try test.reopened().verify(quick: true)) == ["data:v0 big true"])
    }

    @Test("A missing blob is said to be missing, not damaged")
    func missing() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1", "b": "2"])
        try remove(try version.files()[0].id.description, in: test)
        let store = try test.reopened()
        #expect(found(try store.verify()) == ["data:v0 a true"])
        #expect(found(try store.verify(quick: true)) == ["data:v0 a true"])
        #expect(try failure { _ = try store.version("data").read("a") }.code == .corrupt)
    }

    @Test("A damaged or missing tree or commit names the version", arguments: ["^{tree}", "^{commit}"])
    func structure(suffix: String) throws {
        let test = try TestStore()
        try test.put("fine", ["z": "3"])
        try test.put(["a": "1"])
        let id = String(try git("rev-parse", "data/v0\(suffix)", in: test.folder).dropLast())
        try flip(id, in: test)
        let flipped = found(try test.reopened().verify(quick: true))
        #expect(flipped.contains("data:v0 - false"))
        try remove(id, in: test)
        let removed = found(try test.reopened().verify(quick: true))
        #expect(removed.contains("data:v0 - true"))
        #expect(!removed.contains { $0.contains("fine") })
    }

    @Test("An alias that points astray is found")
    func alias() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try git("update-ref", "refs/heads/data/best", "refs/amphora/root", in: test.folder)
        let report = try test.store.verify()
        let damage = try #require(report.damages.first)
        #expect(report.damages.count == 1)
        #expect(damage.subject == "data:best")
        #expect(damage.problem.hasPrefix("the alias points at "))
    }

    @Test("A damaged record, note, segment or image names the run")
    func run() throws {
        let paths = ["run.json", "history/000000.jsonl", "media/k/0-0.png", "media/k/0.json"]
        for path in paths + ["note"] {
            let test = try TestStore()
            let version = try test.put(["a": "1"])
            let run = try test.startRun()
            try run.log(metrics: ["x": 1])
            try run.log(images: [(PNGImage(grayscale: [1], width: 1, height: 1), "c")], key: "k")
            try run.use(version)
            try run.finish()
            #expect(try test.reopened().verify().isSound)
            let tree = try test.tree("refs/notes/runs/\(run.id)")
            try flip(#require(tree[path == "note" ? version.commitID.description : path]), in: test)
            let report = try test.reopened().verify()
            #expect(found(report) == ["run \(run.id) - false"], "\(path)")
        }
    }

    @Test("A chunked file whose chunks are whole and in the wrong order is damaged")
    func wrongOrder() throws {
        let test = try TestStore()
        var artifact = Artifact(name: "data", type: "dataset")
        try artifact.addNewFile("big") { try $0.write(randomBytes(count: 1_300_000, seed: 9)) }
        try test.put(artifact)
        let group = try git("ls-tree", "data/v0:big/000000", in: test.folder)
        var lines = group.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        let first = lines[0][0]
        lines[0][0] = lines[1][0]
        lines[1][0] = first
        func mktree(_ text: String) throws -> Substring {
            try TestSupport.run("git", ["mktree"], in: test.folder, input: text).output.dropLast()
        }
        let swapped = try mktree(lines.map { "\($0[0])\t\($0[1])\n" }.joined())
        let old = try git("rev-parse", "data/v0:big/000000", in: test.folder).dropLast()
        let big = try mktree(
            git("ls-tree", "data/v0:big", in: test.folder).replacing(old, with: swapped))
        let message = try git("log", "-1", "--format=%B", "data/v0", in: test.folder)
        let commit = try TestSupport.run(
            "git", ["commit-tree", String(mktree("040000 tree \(big)\tbig\n"))], in: test.folder,
            input: message
        ).output.dropLast()
        try git("update-ref", "refs/tags/data/v1", String(commit), in: test.folder)
        let report = try test.reopened().verify()
        #expect(found(report) == ["data:v1 big false"])
        let error = try failure { try test.reopened().version("data:v1").download() }
        #expect(error.code == .corrupt)
        #expect(!test.scratch.exists("artifacts/data:v1/big"))
    }

    @Test("Damage in an object that nothing reaches is told as such")
    func unreachable() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        let id = try TestSupport.run(
            "git", ["hash-object", "-w", "--stdin"], in: test.folder, input: "nobody needs this"
        ).output.dropLast()
        #expect(try test.store.verify().isSound)
        try flip(String(id), in: test)
        let report = try test.reopened().verify()
        #expect(found(report) == ["object \(id) - false"])
        #expect(report.damages.first?.problem.hasPrefix("nothing reaches it: ") == true)
        try "\(id)\n".write(toFile: "\(test.folder)/refs/other", atomically: false, encoding: .utf8)
        #expect(found(try test.reopened().verify()).contains("refs/other - false"))
    }

    @Test(
        "Damage in packs names the versions that it touches, by whoever the packs are",
        arguments: [false, true])
    func packs(isGit: Bool) throws {
        let test = try TestStore()
        let text = (0..<3000).map { "line \($0)\n" }.joined()
        let big = randomBytes(count: 12 << 20, seed: 8)
        for index in 0..<3 {
            var artifact = try test.artifact(["a": text + "\(index)"])
            try artifact.addNewFile("big") { try $0.write(big) }
            try test.put(artifact)
        }
        try test.put("fine", ["z": "3"])
        if isGit {
            try git(
                "-c", "core.bigFileThreshold=60k", "-c", "repack.writeBitmaps=false", "repack", "-adf",
                "--depth=10",
                in: test.folder)
        } else {
            _ = try test.store.collectGarbage()
        }
        let sound = try test.reopened().verify()
        #expect(sound.isSound && sound.packCount == 1 && sound.byteCount > 12 << 20)
        let folder = "\(test.folder)/objects/pack"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let listing = try git("verify-pack", "-v", "objects/pack/\(names[0])", in: test.folder)
        func offset(_ id: String) throws -> Int {
            let line = listing.split(separator: "\n").first { $0.hasPrefix(id) }
            return try #require(line?.split(separator: " ").dropFirst(4).first.flatMap { Int($0) })
        }
        let pack = try #require(names.first { $0.hasSuffix(".pack") })
        let whole = try Data(contentsOf: URL(filePath: "\(folder)/\(pack)"))
        func damage(at offset: Int) throws {
            var bytes = whole
            bytes[offset] ^= 0x10
            try FileManager.default.removeItem(atPath: "\(folder)/\(pack)")
            try bytes.write(to: URL(filePath: "\(folder)/\(pack)"))
        }
        try damage(
            at: offset(git("rev-parse", "data/v0:big/000000/005", in: test.folder).dropLast().description)
                + 500)
        let report = found(try test.reopened().verify())
        #expect(report.filter { !$0.hasPrefix("pack ") } == (0..<3).map { "data:v\($0) big false" })
        #expect(report.contains { $0.hasPrefix("pack pack-") })
        let text0 = try git("rev-parse", "data/v0:a", in: test.folder).dropLast().description
        try damage(at: offset(text0) + 9)
        #expect(found(try test.reopened().verify()).contains("data:v0 a false"))
        try damage(at: whole.count - 1)
        let last = try test.reopened().verify()
        #expect(last.damages.contains { $0.subject.hasPrefix("pack ") })
    }
}
