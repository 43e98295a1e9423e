import Amphora
import AmphoraGit
import AmphoraObjects
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AmphoraSync

@Suite("Fetching by git")
struct GitFetchTests {
    private let fixture: GitFixture
    private let versions: [Version]

    init() throws {
        let fixture = try GitFixture()
        self.fixture = fixture
        versions = try (0..<3).map { number in
            try fixture.put(
                "data",
                [
                    "same": Array("same".utf8), "sub/number": Array("\(number)".utf8),
                    "sub/large": randomBytes(count: 300_000, seed: UInt64(number)),
                ])
        }
    }

    private var commits: [ObjectID] { versions.map(\.commitID.objectID) }

    @Test("The refs of a remote are those of the store it was copied from")
    func references() throws {
        let url = try fixture.host(copying: fixture.store)
        let references = try fixture.transport(url).references()
        let expected = try fixture.store.pool.with { try ReferenceStore($0).list("refs/") }
        #expect(references.targets == Dictionary(uniqueKeysWithValues: expected.map { ($0.name, $0.target) }))
        #expect(references.isStore && !references.hasOthers && !references.isEmpty)
    }

    @Test("An empty repository has no refs, and one of code has others")
    func otherReferences() throws {
        let url = try fixture.host()
        #expect(try fixture.transport(url).references().isEmpty)
        let folder = fixture.scratch("remote.git")
        let blob = try run("git", ["hash-object", "-w", "--stdin"], in: folder, input: "x").output.dropLast()
        try git(
            "update-ref", "refs/heads/main",
            fixture.id("refs/tags/data/v0", in: fixture.store.path).description, in: fixture.store.path)
        try git("push", "--quiet", folder, "refs/heads/main:refs/heads/main", in: fixture.store.path)
        try git("symbolic-ref", "HEAD", "refs/heads/main", in: folder)
        try git("tag", "-m", "annotated", "data/v0", "main", in: folder)
        try git("tag", "other", String(blob), in: folder)
        let references = try fixture.transport(url).references()
        #expect(references.targets.isEmpty && references.hasOthers && !references.isEmpty)
        #expect(references.head == RefName(existing: "refs/heads/main"))
    }

    @Test("Commits come without trees")
    func commitsAlone() throws {
        let url = try fixture.host(copying: fixture.store, settings: GitFixture.serving)
        let other = try fixture.another()
        let told = Mutex<[AmphoraObjects.Progress]>([])
        let size = try fixture.transport(url, for: other).fetch(.commits(commits)) { now in
            told.withLock { $0.append(now) }
        }
        #expect(size.objectCount == 3 && size.byteCount > 300)
        #expect(try fixture.kinds(other) == ["commit": 3])
        let all = told.withLock { $0 }
        let last = try #require(all.last)
        #expect(last.activity == "receiving" && last.fileCount == 3 && last.totalFileCount == 3)
        #expect(last.byteCount > 300)
        // What is promised may be missing.
        try git("update-ref", "refs/tags/data/v0", commits[0].description, in: other.path)
        try git("config", "remote.origin.promisor", "true", in: other.path)
        #expect(try fixture.fsck(other.path) == "")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(other.path)/amphora/transfer") == [])
    }

    @Test("Of runs only what is new is sent, and large media are left out")
    func runs() throws {
        let url = try fixture.host(copying: fixture.store, settings: GitFixture.serving)
        let other = try fixture.another()
        let transport = try fixture.transport(url, for: other)
        let refs = try transport.references().targets.filter { $0.key.run != nil }
        let first = try transport.fetch(.runs(Array(refs.values), known: []), progress: nil)
        #expect(try first.objectCount == fixture.reachable(Array(refs.values), in: fixture.store).count)
        // A run that goes on, with a large image.
        let name = try #require(refs.keys.sorted().first)
        let run = try fixture.store.resumeRun(try #require(name.run))
        try run.log(metrics: ["loss": 1])
        try run.finish()
        try git("push", "--quiet", fixture.scratch("remote.git"), "\(name):\(name)", in: fixture.store.path)
        let new = try fixture.id(name.rawValue, in: fixture.store.path)
        let told = Mutex(0)
        _ = try transport.fetch(.runs([new], known: [try #require(refs[name])])) { now in
            told.withLock { $0 = now.totalFileCount }
        }
        let added = try fixture.reachable([new], butNot: [try #require(refs[name])], in: fixture.store)
        #expect(told.withLock { $0 } == added.count)
        for id in added { try git("cat-file", "-e", id, in: other.path) }
    }

    @Test("Trees come without blobs, and content is exactly what was asked for")
    func treesAndContent() throws {
        let url = try fixture.host(copying: fixture.store, settings: GitFixture.serving)
        let other = try fixture.another()
        let transport = try fixture.transport(url, for: other)
        _ = try transport.fetch(.commits(commits), progress: nil)
        let trees = try commits.map { try fixture.id("\($0)^{tree}", in: fixture.store.path) }
        let size = try transport.fetch(.trees(Array(trees.prefix(2))), progress: nil)
        #expect(size.objectCount == 4)
        #expect(try fixture.kinds(other) == ["commit": 3, "tree": 4])
        let blobs = try git("ls-tree", "-r", "--object-only", trees[0].description, in: fixture.store.path)
            .split(separator: "\n").map { try ObjectID(hex: String($0)) }
        _ = try transport.fetch(.content(trees: [], blobs: Array(blobs.prefix(1))), progress: nil)
        #expect(try fixture.kinds(other) == ["commit": 3, "tree": 4, "blob": 1])
        let rest = try transport.fetch(
            .content(trees: [trees[2]], blobs: Array(blobs.dropFirst())), progress: nil)
        // A tree comes with all that is below it, whatever of it is here.
        #expect(rest.objectCount == 2 + 3 + blobs.count - 1)
        let packs = try FileManager.default.contentsOfDirectory(atPath: "\(other.path)/objects/pack")
        #expect(packs.filter { $0.hasSuffix(".promisor") }.count == 4, "in a light store content too")
        #expect(packs.filter { $0.hasSuffix(".idx") }.count == 4)
        for commit in [commits[0], commits[2]] {
            try git("update-ref", "refs/tags/data/x", commit.description, in: other.path)
            try git("archive", "--output=/dev/null", "data/x", in: other.path)
        }
    }

    @Test(
        "A server without filters sends more, and one that knows only its refs gives what they hold",
        arguments: [0, 2], [false, true])
    func plainServers(protocol version: Int, filters: Bool) throws {
        let url = try fixture.host(copying: fixture.store, settings: filters ? GitFixture.serving : [:])
        let other = try fixture.another()
        let transport = try fixture.transport(
            url, for: other,
            environment: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.version",
                "GIT_CONFIG_VALUE_0": "\(version)",
            ])
        _ = try transport.fetch(.commits(commits), progress: nil)
        #expect(try fixture.kinds(other)["commit"] == 3)
        #expect(try (fixture.kinds(other)["tree"] == nil) == filters)
        let tree = try fixture.id("\(commits[1])^{tree}", in: fixture.store.path)
        _ = try transport.fetch(.trees([tree]), progress: nil)
        let blob = try fixture.id("\(commits[1]):sub/number", in: fixture.store.path)
        let image = try fixture.id("\(commits[2]):sub/large", in: fixture.store.path)
        _ = try transport.fetch(.content(trees: [], blobs: [blob]), progress: nil)
        _ = try transport.fetch(.content(trees: [], blobs: [image]), progress: nil)
        #expect(try git("cat-file", "-p", blob.description, in: other.path) == "1")
        #expect(try git("cat-file", "-s", image.description, in: other.path) == "300000\n")
    }

    @Test("What a remote does not have is named", arguments: [0, 2])
    func missing(protocol version: Int) throws {
        let url = try fixture.host(copying: fixture.store, settings: GitFixture.serving)
        let other = try fixture.another()
        let transport = try fixture.transport(
            url, for: other,
            environment: [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "protocol.version",
                "GIT_CONFIG_VALUE_0": "\(version)",
            ])
        let before = try fixture.objects(other.path)
        let nowhere = try ObjectID(hex: String(repeating: "2", count: 40))
        let error = #expect(throws: NotOnRemote.self) {
            try transport.fetch(.content(trees: [], blobs: [nowhere]), progress: nil)
        }
        #expect(error?.ids == [nowhere])
        #expect(try fixture.objects(other.path) == before)
    }

    @Test("A remote that was cloned light lacks content, and that is said")
    func lightRemote() throws {
        let url = try fixture.host(copying: fixture.store, settings: GitFixture.serving)
        let light = try fixture.another("light")
        _ = try fixture.transport(url, for: light).fetch(.commits(commits), progress: nil)
        for (number, commit) in commits.enumerated() {
            try git("update-ref", "refs/tags/data/v\(number)", commit.description, in: light.path)
        }
        try git("config", "remote.origin.promisor", "true", in: light.path)
        try git("config", "remote.origin.url", url, in: light.path)
        let other = try fixture.another()
        let transport = try fixture.transport("file://\(light.path)", for: other)
        // Not even for a commit does git, there, go without its tree.
        for request in [ObjectRequest.commits([commits[0]]), .trees([versions[0].treeID.objectID])] {
            let error = #expect(throws: NotOnRemote.self) { try transport.fetch(request, progress: nil) }
            #expect(error?.ids == [versions[0].treeID.objectID])
        }
    }
}
