import AmphoraGit
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Amphora

/// A store with content of every kind, and a light clone of it.
private struct LightSubject {
    let full: TestStore
    let light: LightClone
    let store: Store
    let run: RunID
    let big = randomBytes(count: 3_000_000, seed: 1)

    init() throws {
        full = try TestStore()
        let run = try full.startRun()
        var artifact = try full.artifact(["a": "12", "b/c": "345", "b/d": "6"], metadata: ["n": 1])
        try artifact.addFile(full.scratch.write("big", big))
        try run.log(artifact, aliases: ["best"])
        var next = Artifact(basedOn: try full.store.version("data"))
        try next.addNewFile("a") { try $0.write("123") }
        try next.addFile(full.scratch.write("changed", [1, 2, 3] + big[...2_000_000]), as: "big")
        try run.log(next)
        for step in 0..<2000 { try run.log(metrics: ["loss": .double(Double(step) / 7)], step: step) }
        let noise = randomBytes(count: 3 * 200 * 200, seed: 2)
        let image = try PNGImage(rgb: noise, width: 200, height: 200)
        try run.log(images: [(image, "noise")], key: "noise")
        try run.finish()
        self.run = run.id
        light = try LightClone(of: full.folder, at: full.scratch("light.git"))
        store = try Store.open(at: light.folder, surroundings: TestStore.surroundings(in: full.scratch.path))
    }

    var versions: [Version] { get throws { try store.versions(of: ArtifactName("data")) } }
}

/// Copies all of what is needed from the origin, and remembers what it was asked for.
private final class CopyingSource: ContentSource {
    let light: LightClone
    let asked = Mutex<[String]>([])

    init(_ light: LightClone) { self.light = light }

    func bring(_ needs: [ContentNeed], into store: Store) throws {
        for need in needs {
            let paths = need.paths.map { "\($0)" }.sorted().joined(separator: ",")
            asked.withLock { $0.append("\(need.owner) \(need.extent) \(paths)") }
            try light.bring([need.treeID.description])
        }
        store.pool.refresh()
    }
}

@Suite("A store that was cloned light")
struct LightStoreTests {
    @Test("Lists, details and lineage need no content")
    func catalogue() throws {
        let subject = try LightSubject()
        let (full, light) = (subject.full.store, subject.store)
        #expect(try light.artifactNames() == full.artifactNames())
        #expect(try light.artifacts().map(\.versionCount) == [2])
        #expect(
            try subject.versions.map(\.byteCount) == full.versions(of: ArtifactName("data")).map(\.byteCount))
        #expect(try light.version("data:best").metadata == ["n": 1])
        #expect(try light.aliases(of: ArtifactName("data")).count == 2)
        #expect(try light.run(subject.run.rawValue).links.count == 2)
        #expect(try light.runs().map(\.record) == full.runs().map(\.record))
        #expect(try light.runs(linking: light.version("data:v0")).map(\.id) == [subject.run])
        #expect(try light.lineage().edges.count == full.lineage().edges.count)
        #expect(try light.media(of: subject.run) == full.media(of: subject.run))
    }

    @Test("Content that nobody brings is «not here yet», never damage, and nothing is written")
    func absence() throws {
        let subject = try LightSubject()
        let (store, version) = (subject.store, try subject.store.version("data:v0"))
        let target = subject.full.scratch("out")
        let reads: [() throws -> Void] = [
            { _ = try version.files() }, { _ = try version.read("a") }, { try version.download(to: target) },
            { _ = try store.diff(version, store.version("data:v1")) },
            {
                var artifact = Artifact(basedOn: version)
                try artifact.addNewFile("a") { try $0.write("new") }
                _ = try store.stage(artifact)
            },
        ]
        for (index, read) in reads.enumerated() {
            let error = try failure(read)
            #expect(error.code == .unavailable, "\(index)")
            #expect(error.message == "the content of 'data:v0' is not here yet", "\(index)")
            #expect(error.hint?.contains("`amphora pull data:v0`") == true, "\(index)")
        }
        #expect(!FileManager.default.fileExists(atPath: target))
        let error = try failure { try store.history(of: subject.run) { _ in } }
        #expect(error.code == .unavailable)
        #expect(error.message == "the content of the run '\(subject.run)' is not here yet")
        #expect(
            try failure { _ = try store.readMedia("noise/0-0.png", of: subject.run) }.code == .unavailable)
        // What is small came with the run.
        #expect(try store.readMedia("noise/0.json", of: subject.run).count < 100)
    }

    @Test("Of a file that is partly here, the rest is missed before anything is written")
    func partly() throws {
        let subject = try LightSubject()
        let (store, version) = (subject.store, try subject.store.version("data:v0"))
        try subject.light.bring(["data/v0"], filter: "blob:none")
        try subject.light.bring(["data/v0:a", "data/v0:big/000000/000", "data/v0:big/.amphora"])
        store.pool.refresh()
        let files = try version.files()
        #expect(files.map { "\($0.path)" } == ["a", "b/c", "b/d", "big"])
        #expect(files.map(\.byteCount) == [2, nil, nil, 3_000_000])
        #expect(files.map(\.isHere) == [true, false, false, false])
        #expect(try version.read("a") == Array("12".utf8))
        let target = subject.full.scratch("out")
        #expect(try failure { try version.download(to: target) }.code == .unavailable)
        #expect(try failure { try version.download(to: target, paths: ["big"]) }.code == .unavailable)
        #expect(!FileManager.default.fileExists(atPath: target))
        try version.download(to: target, paths: ["a"])
        #expect(try subject.full.scratch.read("out/a") == Array("12".utf8))
    }

    @Test("A difference tells only lengths that are known")
    func difference() throws {
        let subject = try LightSubject()
        let store = subject.store
        try subject.light.bring(["data/v0", "data/v1"], filter: "blob:none")
        try subject.light.bring(["data/v0:big/.amphora", "data/v1:big/.amphora"])
        store.pool.refresh()
        let (old, new) = (try store.version("data:v0"), try store.version("data:v1"))
        let blind = try store.diff(old, new)
        #expect(blind.files.map { "\($0.path)" } == ["a", "big"])
        #expect(blind.files.map(\.oldByteCount) == [nil, 3_000_000])
        #expect(blind.files.map(\.newByteCount) == [nil, 2_000_004])
        #expect(blind.files.map(\.newBytes) == [nil, nil])
        #expect(blind.newBytes == nil)
        let exact = try subject.full.store.diff(
            subject.full.store.version("data:v0"), subject.full.store.version("data:v1"))
        #expect(blind.files.map(\.sharedChunkCount) == exact.files.map(\.sharedChunkCount))
        // With the old version here, the new chunks are what the shared ones leave of the file.
        try subject.light.bring(["data/v0:big", "data/v0:a"])
        store.pool.refresh()
        let half = try store.diff(old, new)
        #expect(half.files.map(\.oldByteCount) == [2, 3_000_000])
        #expect(half.files.map(\.newBytes) == [nil, exact.files[1].newBytes])
    }

    @Test("A source is asked for what is needed before it is read, and only for that")
    func source() throws {
        let subject = try LightSubject()
        let store = subject.store
        let source = CopyingSource(subject.light)
        store.contentSource = source
        func asked(_ body: () throws -> Void) throws -> [String] {
            source.asked.withLock { $0 = [] }
            try body()
            return source.asked.withLock { $0 }
        }
        let version = try store.version("data:v0")
        #expect(try asked { _ = try version.files(below: ["b"]) } == ["'data:v0' listing b"])
        var big: [UInt8] = []
        #expect(try asked { big = try version.read("big") } == ["'data:v0' content big"])
        #expect(big == subject.big)
        let target = subject.full.scratch("out")
        #expect(
            try asked { try version.download(to: target, paths: ["a", "b/d"]) } == ["'data:v0' content a,b/d"]
        )
        #expect(
            try asked { _ = try store.diff(version, store.version("data:v1")) } == [
                "'data:v0' listing ", "'data:v1' listing ",
            ])
        let run = "the run '\(subject.run)'"
        var lineCount = 0
        #expect(
            try asked { try store.history(of: subject.run) { _ in lineCount += 1 } } == [
                "\(run) content history"
            ])
        #expect(lineCount == 2000)
        #expect(
            try asked { _ = try store.readMedia("noise/0-0.png", of: subject.run) } == [
                "\(run) content media/noise/0-0.png"
            ])
        #expect(try asked { _ = try store.runs() }.isEmpty)
    }

    @Test("A version that is based on one that is not here needs the lengths of what goes")
    func base() throws {
        let subject = try LightSubject()
        let source = CopyingSource(subject.light)
        subject.store.contentSource = source
        var artifact = Artifact(basedOn: try subject.store.version("data:v1"))
        try artifact.addNewFile("a") { try $0.write("other") }
        try artifact.remove("b")
        let logged = try subject.store.startRun(project: "p", jobType: "put").log(artifact)
        #expect(source.asked.withLock { $0 } == ["'data:v1' lengths a,b"])
        #expect((logged.fileCount, logged.byteCount) == (2, 2_000_009))
    }

    @Test("A store that is whole asks nobody")
    func whole() throws {
        let subject = try LightSubject()
        let source = CopyingSource(subject.light)
        let store = subject.full.store
        store.contentSource = source
        _ = try store.version("data:v0").files()
        #expect(try store.version("data:v0").read("big") == subject.big)
        try store.history(of: subject.run) { _ in }
        #expect(source.asked.withLock { $0 }.isEmpty)
    }

    @Test("A run with a long record is told of without it, and shown when it has come")
    func longRecord() throws {
        let full = try TestStore()
        let text = String(decoding: randomBytes(count: 50_000, seed: 3).map { 65 + $0 % 26 }, as: UTF8.self)
        let long = try full.store.startRun(
            project: "p", jobType: "long", config: ["text": .string(text + text)])
        let short = try full.store.startRun(project: "p", jobType: "short")
        let light = try LightClone(of: full.folder, at: full.scratch("light.git"))
        let store = try Store.open(
            at: light.folder, surroundings: TestStore.surroundings(in: full.scratch.path))
        var told: [ErrorReport] = []
        #expect(try store.runs { told.append(ErrorReport($0)) }.map(\.id) == [short.id])
        #expect(told.map(\.code) == [.unavailable])
        #expect(told[0].causes == ["the content of the run '\(long.id)' is not here yet"])
        #expect(try failure { _ = try store.run(long.id.rawValue) }.code == .unavailable)
        store.contentSource = CopyingSource(light)
        #expect(try store.run(long.id.rawValue).record.config["text"] == .string(text + text))
        try store.resumeRun(long.id).finish()
        #expect(try store.runs().count == 2)
    }
}
