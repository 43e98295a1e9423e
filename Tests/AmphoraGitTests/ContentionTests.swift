import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Many writers at one ref", .serialized)
struct ContentionTests {
    private let test: TestRepository
    private let pool: RepositoryPool
    private let name = RefName(existing: "refs/heads/mnist/latest")

    init() throws {
        test = try TestRepository()
        _ = try test.commits(1)
        pool = try RepositoryPool(path: test.path)
    }

    /// Adds one commit on top of what the ref holds.
    private func append(_ message: String) throws {
        try pool.with { repository in
            try ReferenceStore(repository).update(name, reason: "test") { current in
                let commit = Commit(
                    treeID: .empty, parentIDs: current.map { [CommitID($0)] } ?? [],
                    signature: Signature(name: "a", email: "b", date: Date(timeIntervalSince1970: 0)),
                    message: "\(message)\n")
                return try repository.write(commit.encoded(), as: .commit)
            }
        }
    }

    private func messages() throws -> [String] {
        try test.git("log", "--format=%s", "\(name)").split(separator: "\n").map(String.init).sorted()
    }

    @Test("Updates by several threads are all in the end's history")
    func threads() throws {
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<10 {
                do {
                    try append("t\(thread)-\(number)")
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try messages() == (0..<8).flatMap { thread in (0..<10).map { "t\(thread)-\($0)" } }.sorted())
    }

    @Test("Updates by processes of git and by threads are all in the end's history")
    func processes() throws {
        let script = """
            for i in 0 1 2 3 4 5 6 7; do
                while :; do
                    old=$(git rev-parse -q --verify \(name)) || old=
                    new=$(echo "p$1-$i" | git commit-tree \(TreeID.empty) ${old:+-p $old})
                    git update-ref \(name) $new ${old:-0000000000000000000000000000000000000000} 2>/dev/null && break
                done
            done
            """
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { worker in
            do {
                if worker < 3 {
                    let result = try run("sh", ["-c", script, "sh", "\(worker)"], in: test.path)
                    if result.status != 0 { failures.withLock { $0.append(result.error) } }
                } else {
                    for number in 0..<8 { try append("p\(worker)-\(number)") }
                }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try messages() == (0..<6).flatMap { worker in (0..<8).map { "p\(worker)-\($0)" } }.sorted())
    }

    @Test("Of many that create a ref, one succeeds")
    func creation() throws {
        let ids = try test.commits(8)
        let winners = Mutex<[ObjectID]>([])
        DispatchQueue.concurrentPerform(iterations: ids.count) { index in
            let won = try? pool.with {
                try ReferenceStore($0).compareAndSwap(
                    name, to: ids[index], expecting: .absent, reason: "test")
            }
            if won == true { winners.withLock { $0.append(ids[index]) } }
        }
        let winner = winners.withLock { $0 }
        #expect(winner.count == 1)
        #expect(try test.git("rev-parse", "\(name)") == winner.first?.description)
    }
}

@Suite("Pools of repositories")
struct RepositoryPoolTests {
    @Test("Many threads read and write at once, each with a handle of its own")
    func threads() throws {
        let test = try TestRepository()
        let pool = try RepositoryPool(path: test.path)
        let lent = Mutex<(now: Set<ObjectIdentifier>, clashes: Int)>(([], 0))
        let wrong = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: 200) { index in
            let bytes = randomBytes(count: 500, seed: UInt64(index % 50))
            let isRight = try? pool.with { repository in
                let handle = ObjectIdentifier(repository)
                lent.withLock { if !$0.now.insert(handle).inserted { $0.clashes += 1 } }
                defer { lent.withLock { _ = $0.now.remove(handle) } }
                let id = try repository.write(bytes, as: .blob)
                return try repository.read(id, as: .blob) == bytes
            }
            if isRight != true { wrong.withLock { $0.append(index) } }
        }
        #expect(wrong.withLock { $0 } == [])
        #expect(lent.withLock { $0.clashes } == 0)
        try test.git("fsck", "--strict")
    }

    @Test("A handle comes back after a failure, and is lent again")
    func reuse() throws {
        struct Refusal: Error {}
        let test = try TestRepository()
        let pool = try RepositoryPool(path: test.path)
        let first = try pool.with { ObjectIdentifier($0) }
        #expect(throws: Refusal.self) { try pool.with { _ in throw Refusal() } }
        #expect(try pool.with { ObjectIdentifier($0) } == first)
        try pool.with { outer in
            try pool.with { inner in #expect(outer !== inner) }
        }
    }

    @Test("A missing repository fails at once")
    func missing() throws {
        let scratch = try Scratch()
        #expect(throws: GitError.self) { try RepositoryPool(path: scratch("missing")) }
    }
}
