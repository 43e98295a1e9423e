import AmphoraGit
import AmphoraObjects
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Amphora
@testable import AmphoraSync

@Suite("Processes that exchange with a folder", .serialized, .timeLimit(.minutes(5)))
struct FolderProcessTests {
    private let fixture: FolderFixture
    private var store: Store { fixture.store }

    init() throws {
        fixture = try FolderFixture()
        for seed in 0..<3 as Range<UInt64> {
            try FolderFixture.log("data", FolderFixture.files(seed: seed), in: store)
        }
    }

    /// Ends the process when so many bytes of a transfer are done.
    private static func killer(after byteCount: Int) -> AmphoraObjects.Progress.Handler {
        { if $0.byteCount >= byteCount { raise(SIGKILL) } }
    }

    @Test("A push killed at any moment leaves both sides valid, and the next one goes on")
    func killedPush() async throws {
        let path = try fixture.makeRemote()
        for round in 0..<6 {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [local = fixture.store.path as String, path = path as String, round = round as Int] in
                let store = try Store.open(at: local)
                let transport = try FolderTransport(to: path, for: store)
                let changes = try FolderFixture.changes(from: store, to: transport)
                // In the end between the last object and the refs.
                _ = try transport.push(changes, progress: FolderProcessTests.killer(after: round << 21))
                raise(SIGKILL)
            }
            try FolderFixture.fsck(path)
            let refs = try FolderFixture.refs(of: path)
            #expect(try refs.isEmpty || refs == FolderFixture.refs(of: store.path))
        }
        try fixture.push(to: path)
        try FolderFixture.fsck(path)
        #expect(try FolderFixture.refs(of: path) == FolderFixture.refs(of: store.path))
        #expect(try FolderFixture.leftovers(in: path) == "")
    }

    @Test("A fetch killed at any moment leaves both sides valid, and the next one goes on")
    func killedFetch() async throws {
        let other = try FolderFixture.makeStore(at: fixture.scratch("other"))
        let trees = try store.allVersions().map(\.treeID.objectID)
        for round in 0..<6 {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    local = fixture.store.path as String, path = other.path as String, round = round as Int,
                    trees = trees.map(\.description) as [String]
                ] in
                let transport = try FolderTransport(to: local, for: Store.open(at: path))
                let trees = try trees.map { try ObjectID(hex: $0) }
                _ = try transport.fetch(
                    .content(trees: trees, blobs: []),
                    progress: FolderProcessTests.killer(after: round << 21))
                raise(SIGKILL)
            }
            try FolderFixture.check(other)
        }
        try FolderFixture.fetch(fixture.scratch("local"), into: other)
        try FolderFixture.check(other)
        try FolderFixture.check(store)
        #expect(try FolderFixture.leftovers(in: other.path) == "")
    }

    @Test("Where no more can be written a push is an error; later it goes on")
    func noRoom() async throws {
        let path = try fixture.makeRemote()
        await #expect(processExitsWith: .success) {
            [local = fixture.store.path as String, path = path as String] in
            let store = try Store.open(at: local)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4 << 20, rlim_max: 4 << 20)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let error = try #require(throws: (any Error).self) { try FolderFixture.push(store, to: path) }
            #expect(ErrorReport(error).message.hasPrefix("cannot write to the store '\(path)/objects/pack'"))
            #expect(ErrorReport(error).code == .unavailable)
        }
        #expect(try FolderFixture.refs(of: path).isEmpty)
        #expect(try FolderFixture.objects(of: path).isEmpty)
        #expect(try FolderFixture.leftovers(in: path) == "")
        try fixture.push(to: path)
        try FolderFixture.fsck(path)
    }

    @Test(
        "From a repository that may not be written can be fetched; a push is an error before anything is sent"
    )
    func readOnly() async throws {
        let path = try fixture.makeFullRemote()
        try FolderFixture.log("data", FolderFixture.files(seed: 9), in: store)
        try FolderFixture.log(
            "data", FolderFixture.files(seed: 9), in: FolderFixture.makeStore(at: fixture.scratch("other")))
        let prepared = try run(
            "sh", ["-c", "chmod -R a-w remote.git; if [ $(id -u) = 0 ]; then chown -R nobody .; fi"],
            in: fixture.scratch.path)
        #expect(prepared.status == 0)
        await #expect(processExitsWith: .success) {
            [folder = fixture.scratch.path as String] in
            setenv("HOME", folder, 1)
            // Permissions mean nothing to root.
            if getuid() == 0 { setuid(65534) }
            let path = "\(folder)/remote.git"
            let error = try #require(throws: FolderProblem.self) {
                try FolderFixture.push(Store.open(at: "\(folder)/local"), to: path)
            }
            #expect(error.message == "cannot write to the repository '\(path)': Permission denied")
            #expect(error.code == .unavailable)
            let other = try FolderTransport(to: path, for: Store.open(at: "\(folder)/other"))
            let commits = try other.references().targets.filter { $0.key.version != nil }.values
            #expect(try other.fetch(.commits(Array(commits)), progress: nil).objectCount == 3)
        }
        #expect(try run("chmod", ["-R", "u+w", path], in: "/").status == 0)
    }

    @Test("Of many that push at once each gets through, one after another")
    func racing() throws {
        let path = fixture.scratch("shared.git")
        _ = try FolderFixture.makeStore(at: path, isBare: true)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            do {
                let store = try FolderFixture.makeStore(at: fixture.scratch("clone-\(number)"))
                for seed in 0..<3 as Range<UInt64> {
                    try FolderFixture.log(
                        "own-\(number)", ["seed": Array("\(number) \(seed)".utf8)], in: store)
                    let transport = try FolderTransport(to: path, for: store)
                    // All of them move one alias.
                    let common = RefName(existing: "refs/heads/common/latest")
                    while true {
                        let target = try store.version("own-\(number)").commitID.objectID
                        let current = try transport.references().targets[common]
                        let changes = try FolderFixture.changes(from: store, to: transport)
                            .filter { $0.name != common }
                        let outcomes = try transport.push(
                            changes + [RefChange(common, from: current, to: target)], progress: nil
                        ).outcomes
                        if outcomes.values.allSatisfy({ $0 == .done }) { break }
                        guard outcomes[common] == .stale else {
                            failures.withLock { $0.append("\(outcomes)") }
                            break
                        }
                    }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let refs = try FolderFixture.refs(of: path)
        #expect(refs.keys.filter { $0.version != nil }.count == 12)
        #expect(refs.keys.filter { $0.run != nil }.count == 12)
        try FolderFixture.fsck(path)
    }

    @Test("What others collect as garbage meanwhile is not what arrives")
    func garbageCollection() throws {
        let path = fixture.scratch("shared.git")
        let other = try FolderFixture.makeStore(at: path, isBare: true)
        let stop = Atomic(false)
        let collector = DispatchGroup()
        let failure = Mutex<String?>(nil)
        DispatchQueue.global().async(group: collector) {
            while !stop.load(ordering: .relaxed) {
                do {
                    _ = try other.collectGarbage(grace: .zero)
                } catch {
                    failure.withLock { $0 = "\(error)" }
                }
            }
        }
        for seed in 10..<14 as Range<UInt64> {
            try FolderFixture.log("data", FolderFixture.files(seed: seed), in: store)
            try fixture.push(to: path)
        }
        stop.store(true, ordering: .relaxed)
        collector.wait()
        #expect(failure.withLock { $0 } == nil)
        try FolderFixture.check(other)
        #expect(try FolderFixture.refs(of: path) == FolderFixture.refs(of: store.path))
    }
}
