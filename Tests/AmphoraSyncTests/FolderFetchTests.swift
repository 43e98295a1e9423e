import AmphoraGit
import AmphoraObjects
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Fetching from a folder")
struct FolderFetchTests {
    private let fixture: FolderFixture
    private let source: Store
    private var store: Store { fixture.store }

    init() throws {
        fixture = try FolderFixture()
        source = try FolderFixture.makeStore(at: fixture.scratch("source"))
        for seed in 0..<2 as Range<UInt64> {
            try FolderFixture.log("data", FolderFixture.files(seed: seed), in: source)
        }
    }

    @Test("All comes from a store in a project, and is the same")
    func all() throws {
        try FolderFixture.fetch(fixture.scratch("source"), into: store)
        try FolderFixture.check(store)
        try FolderFixture.check(source)
        #expect(try FolderFixture.refs(of: store.path) == FolderFixture.refs(of: source.path))
        #expect(try FolderFixture.objects(of: store.path) == FolderFixture.objects(of: source.path))
        #expect(try FolderFixture.leftovers(in: store.path) == "")
    }

    @Test("All comes from what git has packed, deltas and all", arguments: ["packed", "loose", "borrowed"])
    func repacked(how: String) throws {
        let path = fixture.scratch("git.git")
        try FolderFixture.push(source, to: try fixture.makeRemote("git.git"))
        // Texts that are alike, so that there are deltas.
        switch how {
        case "packed":
            try git("-c", "core.bigFileThreshold=512m", "repack", "-adfq", "--depth=20", in: path)
        case "loose":
            _ = try run(
                "sh",
                [
                    "-c",
                    "mkdir p && mv objects/pack/* p && for f in p/*.pack; do git unpack-objects -q <$f; done",
                ],
                in: path)
        default:
            try git("clone", "--quiet", "--mirror", "--shared", path, fixture.scratch("shared.git"), in: "/")
        }
        let used = how == "borrowed" ? fixture.scratch("shared.git") : path
        try FolderFixture.fetch(used, into: store)
        try FolderFixture.check(store)
        #expect(try FolderFixture.objects(of: store.path) == FolderFixture.objects(of: source.path))
    }

    @Test("The catalogue alone is light, and git accepts what is missing")
    func light() throws {
        try FolderFixture.fetch(fixture.scratch("source"), into: store, withContent: false)
        try git("config", "remote.origin.promisor", "true", in: store.path)
        try FolderFixture.fsck(store.path)
        #expect(try store.allVersions().map(\.description) == ["data:v0", "data:v1"])
        #expect(try store.runs().count == 2)
        let objects = try FolderFixture.objects(of: store.path)
        let tree = try source.version("data:v0").treeID
        #expect(!objects.contains(tree.description))
        let packs = try FileManager.default.contentsOfDirectory(atPath: "\(store.path)/objects/pack")
        #expect(
            packs.filter { $0.hasSuffix(".pack") }.count == packs.filter { $0.hasSuffix(".promisor") }.count)
        // Then trees, then single blobs, then the rest: each time only what is missing.
        let transport = try FolderTransport(to: fixture.scratch("source"), for: store)
        let trees = try transport.fetch(.trees([tree.objectID]), progress: nil)
        #expect(try transport.fetch(.trees([tree.objectID]), progress: nil) == TransferSize())
        #expect(trees.objectCount > 3)
        let blob = try ObjectID(
            hex: git("rev-parse", "\(tree):seed", in: source.path).trimmingCharacters(in: .newlines))
        #expect(try transport.fetch(.content(trees: [], blobs: [blob]), progress: nil).objectCount == 1)
        let rest = try transport.fetch(.content(trees: [tree.objectID], blobs: []), progress: nil)
        #expect(rest.objectCount > 60)
        #expect(
            try transport.fetch(.content(trees: [tree.objectID], blobs: [blob]), progress: nil)
                == TransferSize())
        #expect(try store.version("data:v0").read("seed") == Array("0".utf8))
        try FolderFixture.fsck(store.path)
    }

    @Test("A light store says what it does not have, and nothing is written")
    func lightSource() throws {
        let light = try FolderFixture.makeStore(at: fixture.scratch("light"))
        try FolderFixture.fetch(fixture.scratch("source"), into: light, withContent: false)
        let before = try FolderFixture.objects(of: store.path)
        let transport = try FolderTransport(to: fixture.scratch("light"), for: store)
        let tree = try source.version("data:v0").treeID.objectID
        for request in [.trees([tree]), .content(trees: [tree], blobs: [])] as [ObjectRequest] {
            let error = #expect(throws: NotOnRemote.self) { try transport.fetch(request, progress: nil) }
            #expect(error?.ids == [tree])
        }
        #expect(try FolderFixture.objects(of: store.path) == before)
        // Its catalogue can be handed on.
        try FolderFixture.fetch(fixture.scratch("light"), into: store, withContent: false)
        #expect(try store.allVersions().count == 2)
    }

    @Test("Of runs that go on only what is new travels")
    func runs() throws {
        let run = try source.startRun(project: "test", jobType: "train")
        try run.log(metrics: ["loss": .double(0.5)])
        try run.flush()
        let name = RefName.run(run.id)
        let transport = try FolderTransport(to: fixture.scratch("source"), for: store)
        let first = try #require(try transport.references().targets[name])
        _ = try transport.fetch(.runs([first], known: []), progress: nil)
        try run.log(metrics: ["loss": .double(0.25)])
        try run.finish()
        let second = try #require(try transport.references().targets[name])
        let size = try transport.fetch(.runs([second], known: [first]), progress: nil)
        #expect(size.objectCount > 0)
        let chain = try git("rev-list", "--objects", "\(second)", "^\(first)", in: source.path)
        #expect(size.objectCount == chain.split(separator: "\n").count)
    }

    @Test("What a remote's refs are is told apart")
    func references() throws {
        let path = try fixture.makeRemote()
        let empty = try FolderTransport(to: path, for: store).references()
        #expect(empty.isEmpty)
        #expect(!empty.isStore)
        try FolderFixture.push(source, to: path)
        let found = try FolderTransport(to: path, for: store).references()
        #expect(found.isStore)
        #expect(!found.hasOthers)
        #expect(found.targets == (try FolderFixture.refs(of: source.path)))
        #expect(found.head == RefName(existing: "refs/heads/data/latest"))
        try git("tag", "-a", "other/v0", "-m", "words", "data/v0", in: path)
        #expect(
            try FolderTransport(to: path, for: store).references().targets == found.targets,
            "an annotated tag is no version")
        try git("update-ref", "refs/heads/main", "refs/heads/data/latest", in: path)
        #expect(try FolderTransport(to: path, for: store).references().hasOthers)
        try fixture.scratch.write("remote.git/refs/tags/data/v9", "nonsense\n")
        let broken = try FolderTransport(to: path, for: store).references()
        #expect(broken.targets == found.targets)
        #expect(broken.unreadable.map { "\($0.key)" } == ["refs/tags/data/v9"])
        #expect(broken.unreadable.values.allSatisfy { $0 is UnusableRemoteRef })
    }
}

/// What was told of progress.
final class Seen: Sendable {
    private let state = Mutex<AmphoraObjects.Progress?>(nil)
    var last: AmphoraObjects.Progress? { state.withLock { $0 } }
    func add(_ progress: AmphoraObjects.Progress) {
        state.withLock { if progress.byteCount >= ($0?.byteCount ?? 0) { $0 = progress } }
    }
}
