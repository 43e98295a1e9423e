import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Pushing to a folder")
struct FolderPushTests {
    private let fixture: FolderFixture
    private var store: Store { fixture.store }

    init() throws {
        fixture = try FolderFixture()
        for seed in 0..<2 as Range<UInt64> {
            try FolderFixture.log("data", FolderFixture.files(seed: seed), in: store)
        }
    }

    @Test("An empty repository of git's gets all, and a plain clone checks something out")
    func plain() throws {
        let path = try fixture.makeRemote()
        let result = try fixture.push(to: path)
        #expect(result.outcomes.values.allSatisfy { $0 == .done })
        #expect(try FolderFixture.refs(of: path) == FolderFixture.refs(of: store.path))
        try FolderFixture.fsck(path)
        #expect(try FolderFixture.objects(of: path).count == result.size.objectCount)
        #expect(try git("symbolic-ref", "HEAD", in: path) == "refs/heads/data/latest\n")
        try git("clone", "--quiet", path, fixture.scratch("clone"), in: "/")
        #expect(try fixture.scratch.read("clone/seed") == Array("1".utf8))
        // Entries are as they were: git says so of each.
        let packs = try FileManager.default.contentsOfDirectory(atPath: "\(path)/objects/pack")
        for name in packs where name.hasSuffix(".idx") {
            try git("verify-pack", "\(path)/objects/pack/\(name)", in: "/")
        }
        #expect(!packs.contains { $0.hasSuffix(".promisor") })
        #expect(try FolderFixture.leftovers(in: path) == "")
    }

    @Test(
        "Git's clones may leave content out afterwards, unless somebody has said no",
        arguments: [true, false])
    func filters(isAllowed: Bool) throws {
        let path = try fixture.makeRemote()
        if !isAllowed { try git("config", "uploadpack.allowFilter", "false", in: path) }
        try fixture.push(to: path)
        #expect(try git("config", "--get-all", "uploadpack.allowfilter", in: path) == "\(isAllowed)\n")
        #expect(try git("config", "--get-all", "uploadpack.allowanysha1inwant", in: path) == "true\n")
    }

    @Test("What is there does not travel again; a new version brings what is new")
    func increment() throws {
        let path = try fixture.makeFullRemote()
        let again = try fixture.push(to: path)
        #expect(again.outcomes.isEmpty)
        #expect(again.size == TransferSize())
        let before = try FolderFixture.objects(of: path)
        var files = FolderFixture.files(seed: 1)
        files["one"] = Array("more".utf8)
        try FolderFixture.log("data", files, in: store)
        let result = try fixture.push(to: path)
        let after = try FolderFixture.objects(of: path)
        #expect(result.size.objectCount == after.count - before.count)
        #expect(result.size.objectCount < 32)
        try FolderFixture.fsck(path)
    }

    @Test("A store as the other side, bare or in a project", arguments: [true, false])
    func stores(isBare: Bool) throws {
        let path = fixture.scratch("other")
        let other = try FolderFixture.makeStore(at: path, isBare: isBare)
        try fixture.push(to: path)
        try FolderFixture.check(other)
        #expect(try other.allVersions().map(\.description) == store.allVersions().map(\.description))
        #expect(try other.version("data").read("seed") == Array("1".utf8))
    }

    @Test("If one ref has moved there, none moves")
    func stale() throws {
        let path = try fixture.makeFullRemote()
        let latest = RefName(existing: "refs/heads/data/latest")
        let v0 = try store.version("data:v0").commitID.objectID
        let v1 = try store.version("data:v1").commitID.objectID
        try git("update-ref", latest.rawValue, v0.description, in: path)
        let before = try FolderFixture.refs(of: path)
        let transport = try FolderTransport(to: path, for: store)
        let best = RefName(existing: "refs/heads/data/best")
        let result = try transport.push(
            [RefChange(best, from: nil, to: v1), RefChange(latest, from: v1, to: nil)], progress: nil)
        #expect(result.outcomes[latest] == .stale)
        #expect(result.outcomes[best] == .stale)
        #expect(try FolderFixture.refs(of: path) == before)
    }

    @Test("Refs are removed, and made again")
    func removal() throws {
        let path = try fixture.makeFullRemote()
        try git("pack-refs", "--all", in: path)
        let tag = RefName(existing: "refs/tags/data/v0")
        let target = try store.version("data:v0").commitID.objectID
        let transport = try FolderTransport(to: path, for: store)
        #expect(
            try transport.push([RefChange(tag, from: target, to: nil)], progress: nil).outcomes == [
                tag: .done
            ])
        #expect(try transport.references().targets[tag] == nil)
        #expect(
            try transport.push([RefChange(tag, from: nil, to: target)], progress: nil).outcomes == [
                tag: .done
            ])
        #expect(try transport.references().targets[tag] == target)
    }

    @Test("The branch that is checked out there is left alone")
    func checkedOut() throws {
        let path = fixture.scratch("working")
        try git("init", "--quiet", path, in: "/")
        try git("symbolic-ref", "HEAD", "refs/heads/data/latest", in: path)
        let transport = try FolderTransport(to: path, for: store)
        let changes = try FolderFixture.changes(from: store, to: transport)
        let result = try transport.push(changes, progress: nil)
        #expect(
            result.outcomes[RefName(existing: "refs/heads/data/latest")]
                == .refused("it is checked out there"))
        #expect(try FolderFixture.refs(of: path).isEmpty)
        try git("symbolic-ref", "HEAD", "refs/heads/main", in: path)
        #expect(try transport.push(changes, progress: nil).outcomes.values.allSatisfy { $0 == .done })
        #expect(try git("symbolic-ref", "HEAD", in: path) == "refs/heads/main\n")
    }

    @Test("What is neither here nor there is an error, and nothing moves")
    func notHere() throws {
        let full = try fixture.makeFullRemote("full.git")
        let light = try FolderFixture.makeStore(at: fixture.scratch("light"))
        try FolderFixture.fetch(full, into: light, withContent: false)
        let empty = try fixture.makeRemote("empty.git")
        let error = #expect(throws: ContentNotHere.self) { try FolderFixture.push(light, to: empty) }
        #expect(error?.message.hasPrefix("cannot send content that is not here: ") == true)
        #expect(error?.code == .notFound)
        #expect(try FolderFixture.refs(of: empty).isEmpty)
        // To who has it all, an alias goes without any content.
        let v0 = try light.version("data:v0").commitID.objectID
        let best = RefName(existing: "refs/heads/data/best")
        let transport = try FolderTransport(to: full, for: light)
        #expect(
            try transport.push([RefChange(best, from: nil, to: v0)], progress: nil).outcomes == [best: .done])
    }

    @Test("Progress and size are of the bytes that went")
    func progress() throws {
        let path = try fixture.makeRemote()
        let transport = try FolderTransport(to: path, for: store)
        let seen = Seen()
        let size = try transport.push(
            FolderFixture.changes(from: store, to: transport), progress: { seen.add($0) }
        ).size
        #expect(seen.last?.activity == "sending")
        #expect(seen.last?.byteCount == size.byteCount)
        #expect(size.byteCount > 6 << 20)
    }
}
