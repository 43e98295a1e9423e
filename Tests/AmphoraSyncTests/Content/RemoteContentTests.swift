import AmphoraGit
import AmphoraObjects
import Synchronization
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Content from remotes")
struct RemoteContentTests {
    private static let big = randomBytes(count: 3_000_000, seed: 1)

    private func subject() throws -> ContentSubject {
        try ContentSubject { store, _ in
            try store.put(["big": Self.big, "a": [1], "b": [2]])
            try store.put(["big": [9] + Self.big, "a": [1], "c": [3]])
        }
    }

    private func failure(_ body: () throws -> Void) throws -> ErrorReport {
        ErrorReport(try #require(throws: (any Error).self) { try body() })
    }

    /// The objects below a name in the full store.
    private func objects(_ names: String..., in subject: ContentSubject) throws -> Set<String> {
        let result = try run(
            "git", ["rev-list", "--objects", "--no-object-names"] + names, in: subject.full.path)
        return Set(result.output.split(separator: "\n").map(String.init))
    }

    @Test("A version is brought with two questions: its trees, then all of it")
    func version() throws {
        let subject = try subject()
        subject.store.contentSource = subject.source(subject.remote)
        let version = try subject.store.version("data:v0")
        #expect(try version.read("big") == Self.big)
        let tree = version.treeID.description
        let bigID = try subject.id("data/v0:big")
        #expect(
            subject.remote.takeLog().requests == [
                .trees([tree]), .content(trees: [bigID], blobs: []),
            ])
        try version.download(to: subject.scratch("out"))
        #expect(try subject.scratch.read("out/b") == [2])
        let blobs = try ["a", "b"].map { try subject.id("data/v0:\($0)") }
        #expect(subject.remote.takeLog().requests == [.content(trees: [], blobs: blobs)])
        try version.download(to: subject.scratch("again"))
        #expect(subject.remote.takeLog().requests.isEmpty, "all is here")
    }

    @Test("Of the next version only what is new travels")
    func next() throws {
        let subject = try subject()
        subject.store.contentSource = subject.source(subject.remote)
        #expect(try subject.store.version("data:v0").read("big") == Self.big)
        _ = subject.remote.takeLog()
        #expect(try subject.store.version("data:v1").read("big") == [9] + Self.big)
        let log = subject.remote.takeLog()
        guard log.requests.count == 2, case .content(let trees, let blobs) = log.requests[1] else {
            Issue.record("\(log.requests)")
            return
        }
        #expect(trees.isEmpty)
        let new = try objects("data/v1:big", "^data/v0:big", in: subject)
        #expect(Set(blobs).isSubset(of: new) && blobs.count <= 3)
    }

    @Test("Several versions are brought together, what they share once")
    func several() throws {
        let subject = try subject()
        let needs = try subject.store.versions(of: ArtifactName("data")).map { ContentNeed($0) }
        let fetched = try subject.source(subject.remote).fetch(needs, into: subject.store)
        #expect(try subject.isHere("data:v0") && subject.isHere("data:v1"))
        let log = subject.remote.takeLog()
        #expect(log.requests.count == 2)
        let all = try objects("data/v0^{tree}", "data/v1^{tree}", in: subject)
        #expect(log.objectCounts[1] == all.count)
        #expect(fetched.map(\.remote) == ["origin"])
        #expect(fetched[0].size.objectCount == log.objectCounts.reduce(0, +))
    }

    @Test("What came before the connection broke is not asked for again")
    func interruption() throws {
        let subject = try subject()
        let source = subject.source(subject.remote)
        let version = try subject.store.version("data:v0")
        subject.remote.behave(.breaking(after: 1))
        let error = try failure { try source.bring([ContentNeed(version)], into: subject.store) }
        #expect(error.code == .unavailable)
        #expect(error.message == "the content of 'data:v0' is not here yet")
        #expect(error.causes == ["origin: the connection broke"])
        #expect(error.hint?.contains("`amphora pull data:v0`") == true)
        _ = subject.remote.takeLog()
        subject.remote.behave(.good)
        try source.bring([ContentNeed(version)], into: subject.store)
        #expect(
            subject.remote.takeLog().requests == [.content(trees: [version.treeID.description], blobs: [])])
    }

    @Test("A remote that sends nothing is asked once, and told of")
    func lying() throws {
        let subject = try subject()
        subject.remote.behave(.lying)
        let version = try subject.store.version("data:v0")
        let source = subject.source(subject.remote)
        func check() throws {
            let error = try failure { try source.bring([ContentNeed(version)], into: subject.store) }
            #expect(error.code == .unavailable)
            #expect(error.causes == ["origin: the remote did not send all that was asked for"])
            #expect(subject.remote.takeLog().requests.count == 1)
        }
        try check()
        try subject.light.bring(["data/v0"], filter: "blob:none")
        try check()
    }

    @Test("The remote that is known to have it comes first, then the others; what each said is told")
    func order() throws {
        let subject = try subject()
        let version = try subject.store.version("data:v0")
        // A version may have another number there.
        try git(
            "update-ref", "refs/remotes/backup/tags/data/v7", "refs/tags/data/v0", in: subject.light.folder)
        let backup = FakeRemote(subject.light, named: "backup", .breaking(after: 0))
        let other = FakeRemote(subject.light, named: "other", .empty)
        subject.remote.behave(.empty)
        let source = subject.source(other, backup, subject.remote)
        let error = try failure { try source.bring([ContentNeed(version)], into: subject.store) }
        #expect(
            error.causes == [
                "backup: the connection broke; origin: the remote does not have the object \(version.treeID); "
                    + "other: the remote does not have the object \(version.treeID)"
            ])
        backup.behave(.good)
        _ = backup.takeLog()
        #expect(try source.fetch([ContentNeed(version)], into: subject.store).map(\.remote) == ["backup"])
        #expect(try subject.isHere("data:v0"))
    }

    @Test("Offline nobody is asked, and the error says who has it")
    func offline() throws {
        let subject = try subject()
        let version = try subject.store.version("data:v0")
        let source = RemoteContent([subject.remote.origin], isOffline: true)
        subject.store.contentSource = source
        let unknown = try failure { _ = try version.files() }
        #expect(unknown.code == .unavailable)
        #expect(unknown.message == "the content of 'data:v0' is not here yet")
        #expect(unknown.hint?.contains("`amphora fetch`") == true)
        try git(
            "update-ref", "refs/remotes/origin/tags/data/v0", "refs/tags/data/v0", in: subject.light.folder)
        let known = try failure { _ = try version.files() }
        #expect(
            known.hint
                == "It is on origin: run this command again, or `amphora pull data:v0`, without `--offline`.")
        #expect(subject.remote.takeLog().requests.isEmpty)
        try subject.light.bring(["data/v0"])
        #expect(try version.files().count == 3, "what is here needs nobody")
    }

    @Test("What no remote has is told as such, and half of it does no harm")
    func nowhere() throws {
        let subject = try subject()
        subject.remote.behave(.empty)
        let version = try subject.store.version("data:v0")
        subject.store.contentSource = subject.source(subject.remote)
        let error = try failure { try version.download(to: subject.scratch("out")) }
        #expect(error.hint == "No remote has all of it. Whoever logged it can `amphora push` it.")
        #expect(!subject.scratch.exists("out"))
    }

    @Test("Two remotes that have a part each give all of it together")
    func parts() throws {
        let subject = try subject()
        let version = try subject.store.version("data:v0")
        let (a, b) = (try subject.id("data/v0:a"), try subject.id("data/v0:b"))
        let first = FakeRemote(subject.light, named: "first", .lacking([a]))
        let second = FakeRemote(subject.light, named: "second", .lacking([b]))
        let fetched = try subject.source(first, second).fetch([ContentNeed(version)], into: subject.store)
        #expect(fetched.map(\.remote) == ["first", "second"])
        #expect(try subject.isHere("data:v0"))
        #expect(second.takeLog().requests == [.content(trees: [], blobs: [a])])
    }

    @Test("Progress of many transfers is one")
    func progress() throws {
        let subject = try subject()
        let told = Mutex<[Progress]>([])
        let needs = [ContentNeed(try subject.store.version("data:v0"))]
        try subject.source(subject.remote).fetch(needs, into: subject.store) { progress in
            told.withLock { $0.append(progress) }
        }
        let progress = told.withLock { $0 }
        #expect(progress.map(\.activity) == ["fetching", "fetching"])
        let (trees, content) = (progress[0], progress[1])
        #expect(trees.totalByteCount == 0, "nobody knows how much will come")
        #expect(content.byteCount > trees.byteCount)
        // Half of the only batch is half of all; the trees have come before it.
        #expect(content.totalByteCount == 2 * content.byteCount)
    }
}
