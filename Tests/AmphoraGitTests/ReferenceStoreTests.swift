import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@Suite("Refs")
struct ReferenceStoreTests {
    private let test: TestRepository
    private let references: ReferenceStore
    private let name = RefName(existing: "refs/heads/mnist/latest")
    private let ids: [ObjectID]

    init() throws {
        test = try TestRepository()
        ids = try test.commits(3)
        references = ReferenceStore(try test.open())
    }

    private func lock(_ name: RefName, age: TimeInterval = 0) throws {
        let path = try test.scratch.write("\(name).lock", "")
        let date = Date(timeIntervalSinceNow: -age)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }

    private func swap(_ target: ObjectID, _ expected: ExpectedTarget) throws -> Bool {
        try references.compareAndSwap(name, to: target, expecting: expected, reason: "test")
    }

    enum State: String, CaseIterable {
        case absent, present, packed, locked

        static let all = allCases
    }

    @Test("A ref moves only from what it is expected to hold", arguments: State.all)
    func compareAndSwap(state: State) throws {
        switch state {
        case .absent: break
        case .present, .locked: try test.git("update-ref", "\(name)", "\(ids[0])")
        case .packed:
            try test.git("update-ref", "\(name)", "\(ids[0])")
            try test.git("pack-refs", "--all", "--prune")
        }
        if state == .locked { try lock(name) }
        let holds: ObjectID? = state == .absent ? nil : ids[0]
        // What is wrong first, so that it meets the state as it was.
        #expect(try !swap(ids[2], .exactly(ids[1])))
        #expect(try references.target(of: name) == holds)
        #expect(try !swap(ids[2], state == .absent ? .exactly(ids[0]) : .absent))
        #expect(try references.target(of: name) == holds)
        let succeeds = state != .locked
        #expect(try swap(ids[2], ExpectedTarget(holds)) == succeeds)
        #expect(try references.target(of: name) == (succeeds ? ids[2] : holds))
        if succeeds { #expect(try test.git("rev-parse", "\(name)") == "\(ids[2])") }
    }

    @Test("What is expected follows from what was read")
    func expectation() {
        #expect(ExpectedTarget(nil) == .absent)
        #expect(ExpectedTarget(ids[0]) == .exactly(ids[0]))
    }

    @Test("A swap leaves its reason in the reflog")
    func reflog() throws {
        try test.git("config", "core.logAllRefUpdates", "always")
        try test.git("config", "user.name", "Ada")
        try test.git("config", "user.email", "ada@example.com")
        let references = ReferenceStore(try test.open())
        #expect(try references.compareAndSwap(name, to: ids[0], expecting: .absent, reason: "alias: first"))
        #expect(try test.git("log", "-g", "--format=%gs", "\(name)") == "alias: first")
    }

    @Test("A ref that cannot be, below another one or with a forbidden name, is an error or refused")
    func impossible() throws {
        #expect(try swap(ids[0], .absent))
        for bad in ["refs/heads/mnist/latest/below", "refs/heads/a b", "refs/heads/a..b"] {
            #expect(throws: GitError.self, "\(bad)") {
                try references.compareAndSwap(
                    RefName(existing: bad), to: ids[0], expecting: .absent, reason: "test")
            }
        }
    }

    @Test("An update computes from what the ref holds, and may leave it as it is")
    func update() throws {
        var seen: [ObjectID?] = []
        try references.update(name, reason: "test") { current in
            seen.append(current)
            return ids[0]
        }
        try references.update(name, reason: "test") { current in
            seen.append(current)
            return ids[1]
        }
        #expect(seen == [nil, ids[0]])
        try references.update(name, reason: "test") { _ in nil }
        try references.update(name, reason: "test") { $0 }
        #expect(try references.target(of: name) == ids[1])
    }

    @Test("An update that another writer gets ahead of is computed again")
    func updateRetries() throws {
        try test.git("update-ref", "\(name)", "\(ids[0])")
        var seen: [ObjectID?] = []
        var pauses: [Int] = []
        try references.update(name, pause: { pauses.append($0) }, reason: "test") { current in
            seen.append(current)
            if seen.count == 1 { try test.git("update-ref", "\(name)", "\(ids[1])") }
            return ids[2]
        }
        #expect(seen == [ids[0], ids[1]])
        #expect(pauses == [1])
        #expect(try references.target(of: name) == ids[2])
    }

    @Test("An update gives up at a lock that stays, and names the ref")
    func updateGivesUp() throws {
        try lock(name)
        var pauses = 0
        let error = #expect(throws: ReferenceContention.self) {
            try references.update(name, pause: { _ in pauses += 1 }, reason: "test") { _ in ids[0] }
        }
        #expect(pauses == ReferenceStore.attempts)
        #expect(
            error?.message
                == "cannot update '\(name)': it was changed or locked \(ReferenceStore.attempts) times while being updated"
        )
        #expect(error?.hint?.contains("'\(name).lock'") == true)
        #expect(error?.code == .conflict)
    }

    @Test("What the change throws ends the update")
    func updateThrows() throws {
        struct Refusal: Error {}
        #expect(throws: Refusal.self) { try references.update(name, reason: "test") { _ in throw Refusal() } }
        #expect(try references.target(of: name) == nil)
    }

    @Test(
        "A lock that a killed process left long ago is removed, a fresh one is not",
        arguments: [0.0, 5, 60, 86_400])
    func staleLocks(age: Double) throws {
        try test.git("update-ref", "\(name)", "\(ids[0])")
        try lock(name, age: age)
        references.removeStaleLock(of: name)
        #expect(test.scratch.exists("\(name).lock") == (age < 10))
    }

    @Test("An update gets past a stale lock")
    func updatePastStaleLock() throws {
        try lock(name, age: 60)
        try references.update(name, pause: { _ in }, reason: "test") { _ in ids[0] }
        #expect(try references.target(of: name) == ids[0])
        #expect(!test.scratch.exists("\(name).lock"))
    }

    @Test("No lock is nothing to remove")
    func noLock() {
        references.removeStaleLock(of: name)
        #expect(!test.scratch.exists("\(name).lock"))
    }

    @Test("Loose and packed refs are listed together, each once, with what it holds now")
    func list() throws {
        for index in 0..<5 { try test.git("update-ref", "refs/tags/mnist/v\(index)", "\(ids[0])") }
        try test.git("update-ref", "refs/tags/other/v0", "\(ids[1])")
        try test.git("pack-refs", "--all", "--prune")
        try test.git("update-ref", "refs/tags/mnist/v1", "\(ids[2])")
        try test.git("update-ref", "refs/tags/mnist/v5", "\(ids[1])")
        try test.git("symbolic-ref", "refs/tags/mnist/symbolic", "refs/tags/mnist/v0")
        let found = try references.list("refs/tags/mnist/")
        let expected = try test.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/tags/mnist/v*")
        #expect(
            found.map { "\($0.name) \($0.target)" }.sorted()
                == expected.split(separator: "\n").map(String.init))
        #expect(found.count == 6)
        #expect(try references.list("refs/tags/").count == 7)
        #expect(try references.list("refs/notes/").isEmpty)
    }

    @Test("HEAD is moved only from the ref that it is expected to name")
    func head() throws {
        try test.git("symbolic-ref", "HEAD", "refs/heads/main")
        let main = RefName(existing: "refs/heads/main")
        #expect(try references.head() == main)
        #expect(try !references.setHead(name, expecting: RefName(existing: "refs/heads/other")))
        #expect(try references.head() == main)
        #expect(try references.setHead(name, expecting: main))
        #expect(try test.git("symbolic-ref", "HEAD") == "\(name)")
        try test.git("update-ref", "--no-deref", "HEAD", "\(ids[0])")
        #expect(try ReferenceStore(test.open()).head() == nil)
    }

    @Test("A ref file that holds no ID is an error that is not taken for an absent ref")
    func damagedRef() throws {
        try test.scratch.write("\(name)", "garbage\n")
        #expect(throws: GitError.self) { try references.target(of: name) }
    }
}
