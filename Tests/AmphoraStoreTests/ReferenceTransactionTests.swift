import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Changes of many refs at once")
struct ReferenceTransactionTests {
    private let test: TestStore
    private let ids: [ObjectID]

    init() throws {
        test = try TestStore()
        try test.git("config", "core.logAllRefUpdates", "always")
        let store = test
        let tree = try store.git("mktree", input: "")
        ids = try (0..<4).map { try ObjectID(hex: store.git("commit-tree", tree, "-m", "\($0)")) }
    }

    private func ref(_ name: String) -> RefName { RefName(existing: "refs/\(name)") }

    private func apply(_ changes: RefChange...) throws { try apply(changes) }

    private func apply(_ changes: [RefChange]) throws {
        try test.pool.with { try ReferenceStore($0).apply(changes, reason: "test") }
    }

    /// All refs, as git lists them.
    private var refs: [String: ObjectID] {
        get throws {
            let lines = try test.git("for-each-ref", "--format=%(refname) %(objectname)")
                .split(separator: "\n").map { $0.split(separator: " ") }
            return try Dictionary(
                uniqueKeysWithValues: lines.map { (String($0[0]), try ObjectID(hex: String($0[1]))) })
        }
    }

    private func log(_ name: String) throws -> String {
        try test.git("reflog", "show", "--format=%H %gs", "refs/\(name)")
    }

    private var lockCount: Int {
        get throws {
            try run("find", [".", "-name", "*.lock", "-o", "-name", "*.amphora"], in: test.scratch.path)
                .output
                .split(separator: "\n").count
        }
    }

    @Test("Refs are made, moved and removed, loose and packed, and git sees it", arguments: [false, true])
    func changes(isPacked: Bool) throws {
        try apply((0..<3).map { RefChange(ref("tags/data/v\($0)"), from: nil, to: ids[$0]) })
        try apply(RefChange(ref("heads/data/latest"), from: nil, to: ids[0]))
        if isPacked { try test.git("pack-refs", "--all") }
        try apply(
            RefChange(ref("heads/data/latest"), from: ids[0], to: ids[3]),
            RefChange(ref("tags/data/v1"), from: ids[1], to: nil),
            RefChange(ref("notes/runs/abcdefgh"), from: nil, to: ids[2]))
        #expect(
            try refs == [
                "refs/tags/data/v0": ids[0], "refs/tags/data/v2": ids[2], "refs/heads/data/latest": ids[3],
                "refs/notes/runs/abcdefgh": ids[2],
            ])
        #expect(try log("heads/data/latest") == "\(ids[3]) test\n\(ids[0]) test")
        try apply(
            RefChange(ref("tags/data/v0"), from: ids[0], to: nil),
            RefChange(ref("tags/data/v2"), from: ids[2], to: nil))
        #expect(!test.scratch.exists("store.git/refs/tags/data"), "no empty folder is left")
        #expect(!test.scratch.exists("store.git/logs/refs/tags/data"))
        #expect(test.scratch.exists("store.git/refs/tags"))
        #expect(try lockCount == 0)
        try test.git("fsck", "--strict")
    }

    @Test("Where refs pointed before they were moved at once is in their logs; new ones need none")
    func logsAtOnce() throws {
        let names = (0..<40).map { ref("tags/data/v\($0)") }
        try apply(names.map { RefChange($0, from: nil, to: ids[0]) })
        #expect(!test.scratch.exists("store.git/logs/refs/tags"))
        let changes = names[..<2].map { RefChange($0, from: ids[0], to: ids[1]) }
        try test.pool.with { try ReferenceStore($0).apply(changes, atOnce: true, reason: "test") }
        let line = String(
            decoding: try test.scratch.read("store.git/logs/refs/tags/data/v1"), as: UTF8.self)
        #expect(line.hasPrefix("\(ids[0]) \(ids[1]) "))
        #expect(!test.scratch.exists("store.git/logs/refs/tags/data/v2"))
    }

    @Test("A ref is deleted whatever it holds, packed or not", arguments: [false, true])
    func delete(isPacked: Bool) throws {
        let name = ref("heads/data/best")
        try apply(RefChange(name, from: nil, to: ids[0]))
        if isPacked { try test.git("pack-refs", "--all", "--prune") }
        let deleted = try (0..<2).map { _ in try test.pool.with { try ReferenceStore($0).delete(name) } }
        #expect(deleted == [ids[0], nil])
        #expect(try refs.isEmpty)
        #expect(!test.scratch.exists("store.git/logs/refs/heads/data"))
    }

    @Test("If one ref holds something else nothing changes, and the culprits are named")
    func mismatch() throws {
        try apply(RefChange(ref("heads/a"), from: nil, to: ids[0]))
        try test.git("pack-refs", "--all")
        try apply(RefChange(ref("heads/b"), from: nil, to: ids[1]))
        let before = try refs
        let error = #expect(throws: RefsChanged.self) {
            try apply(
                RefChange(ref("heads/new/one"), from: nil, to: ids[0]),
                RefChange(ref("heads/a"), from: ids[1], to: ids[2]),
                RefChange(ref("heads/b"), from: nil, to: ids[2]),
                RefChange(ref("heads/c"), from: ids[1], to: nil))
        }
        #expect(error?.names == [ref("heads/a"), ref("heads/b"), ref("heads/c")])
        #expect(error?.code == .conflict)
        #expect(error?.message == "'refs/heads/a' and 2 more changed meanwhile; nothing was moved")
        #expect(try refs == before)
        #expect(!test.scratch.exists("store.git/refs/heads/new"))
        #expect(try lockCount == 0)
    }

    @Test("A target that is not here is an error")
    func missingTarget() throws {
        let missing = ObjectID([UInt8](repeating: 7, count: 20))
        #expect(throws: MissingObject.self) {
            try apply(
                RefChange(ref("heads/a"), from: nil, to: ids[0]),
                RefChange(ref("heads/b"), from: nil, to: missing))
        }
        #expect(try refs.isEmpty)
    }

    @Test("A ref cannot be where others have a folder", arguments: [false, true], [2, 100])
    func nesting(isPacked: Bool, count: Int) throws {
        try apply(
            RefChange(ref("heads/a"), from: nil, to: ids[0]),
            RefChange(ref("heads/b/c"), from: nil, to: ids[0]))
        if isPacked { try test.git("pack-refs", "--all") }
        let others = (2..<count).map { RefChange(ref("tags/\($0)"), from: nil, to: ids[0]) }
        for names in [["heads/a/x"], ["heads/b"], ["heads/n", "heads/n/x"], ["heads/a/x/y/z"]] {
            #expect(throws: RefNameTaken.self, "\(names)") {
                try apply(names.map { RefChange(ref($0), from: nil, to: ids[1]) } + others)
            }
        }
        #expect(try refs == ["refs/heads/a": ids[0], "refs/heads/b/c": ids[0]])
        // Folders that others have left empty are in nobody's way.
        try test.git("update-ref", "-d", "refs/heads/b/c")
        try FileManager.default.createDirectory(
            atPath: test.scratch("store.git/refs/heads/b/d"), withIntermediateDirectories: true)
        try apply([RefChange(ref("heads/b"), from: nil, to: ids[1])] + others)
        #expect(try refs["refs/heads/b"] == ids[1])
    }

    @Test(
        "What git does not allow as a name is refused",
        arguments: [
            "refs/../config", "HEAD", "refs/heads/a..b", "refs/heads/x.lock", "refs/heads//x",
            "refs/heads/ x",
            "refs/heads/x\0y", "/etc/passwd", "refs/heads/.x", "refs/heads/x/",
        ])
    func names(name: String) throws {
        #expect(throws: UnusableRef.self) {
            try apply(RefChange(RefName(existing: name), from: nil, to: ids[0]))
        }
    }

    @Test("Symbolic and malformed refs stay, and nothing is written through links", arguments: [1, 100])
    func unusable(count: Int) throws {
        try apply(RefChange(ref("heads/a"), from: nil, to: ids[0]))
        try test.git("symbolic-ref", "refs/heads/symbolic", "refs/heads/a")
        try test.scratch.write("store.git/refs/heads/empty", "")
        try FileManager.default.createDirectory(
            atPath: test.scratch("outside"), withIntermediateDirectories: true)
        try link(test.scratch("store.git/refs/heads/away"), to: test.scratch("outside"))
        try test.scratch.write("outside-ref", "\(ids[0])\n")
        try link(test.scratch("store.git/refs/heads/file"), to: test.scratch("outside-ref"))
        let others = (1..<count).map { RefChange(ref("tags/\($0)"), from: nil, to: ids[0]) }
        for (name, expected) in [
            ("symbolic", ids[0]), ("empty", nil), ("away/x", nil), ("away/x/y", nil), ("file", ids[0]),
        ] {
            #expect(throws: UnusableRef.self, "\(name)") {
                try apply(others + [RefChange(ref("heads/\(name)"), from: expected, to: ids[1])])
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.scratch("outside")).isEmpty)
        #expect(try test.scratch.read("outside-ref") == Array("\(ids[0])\n".utf8))
        #expect(try refs["refs/heads/a"] == ids[0])
    }

    @Test("Ten thousand refs are made, moved and removed, each at once")
    func many() throws {
        try test.git("tag", "-a", "words", "-m", "words", ids[0].description)
        let tag = try ObjectID(hex: test.git("rev-parse", "words"))
        let names = (0..<10_000).map { ref("tags/data-\($0 % 100)/v\($0 / 100)") }
        try apply(names.enumerated().map { RefChange($1, from: nil, to: $0 == 5 ? tag : ids[$0 % 4]) })
        #expect(try refs.count == 10_001)
        #expect(try refs[names[7].rawValue] == ids[3])
        #expect(try test.git("rev-parse", "\(names[5])^{}") == ids[0].description)
        let before = try test.git("show-ref", "-d")
        try test.git("pack-refs", "--all")
        #expect(try test.git("show-ref", "-d") == before)
        // One that is loose over its packed value.
        try apply(RefChange(names[0], from: ids[0], to: ids[1]))
        let current = try refs
        try apply(names.map { RefChange($0, from: current[$0.rawValue], to: ids[2]) })
        #expect(try Set(refs.filter { $0.key != "refs/tags/words" }.values) == [ids[2]])
        try apply(names.map { RefChange($0, from: ids[2], to: nil) })
        #expect(try refs == ["refs/tags/words": tag])
        #expect(try lockCount == 0)
        try test.git("fsck", "--strict")
    }

    @Test("Of many that move the same refs at once, one after another wins, whole", arguments: [3, 40])
    func racing(count: Int) throws {
        let names = (0..<count).map { ref("heads/data/a\($0)") }
        try apply(names.map { RefChange($0, from: nil, to: ids[0]) })
        let wins = Mutex(0)
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            // Each goes through the refs from another end.
            let mine = thread % 2 == 0 ? names : names.reversed()
            for round in 0..<10 {
                do {
                    let current = try test.pool.with { try ReferenceStore($0).target(of: mine[0]) }
                    let next = ids[(thread + round) % 4]
                    try apply(mine.map { RefChange($0, from: current, to: next) })
                    wins.withLock { $0 += 1 }
                } catch {
                    if !(error is RefsChanged) { failures.withLock { $0.append("\(error)") } }
                }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(wins.withLock { $0 } > 0)
        #expect(try Set(refs.values).count == 1)
        #expect(try lockCount == 0)
    }

    @Test("Moves by processes of git in between are never lost", arguments: [2, 40])
    func racingGit(count: Int) throws {
        let names = (0..<count).map { ref("heads/data/a\($0)") }
        try apply(names.map { RefChange($0, from: nil, to: ids[0]) })
        // A compare-and-swap on what the one before has made; who loses tries again. Packs refs meanwhile.
        let script = """
            moves=0
            while [ $moves -lt 60 ]; do
                old=$(git rev-parse refs/heads/data/a1)
                next=$(git commit-tree \(TreeID.empty) -p $old -m git)
                git update-ref refs/heads/data/a1 $next $old 2>>../log && moves=$((moves + 1))
                [ $((moves % 7)) = 0 ] && git pack-refs --all 2>>../log
            done
            touch done
            """
        let mover = Process()
        mover.executableURL = URL(filePath: "/bin/sh")
        mover.arguments = ["-c", script]
        mover.currentDirectoryURL = URL(filePath: test.scratch("store.git"))
        mover.environment = hermeticEnvironment(home: test.scratch.path)
        try withoutBlockedSignals { try mover.run() }
        var wins = 0
        while mover.isRunning {
            let before = try test.pool.with { repository in
                try names.map { try ReferenceStore(repository).target(of: $0) }
            }
            guard let parent = before[1] else { continue }
            let next = try ObjectID(
                hex: test.git("commit-tree", "\(TreeID.empty)", "-p", "\(parent)", "-m", "ours"))
            do {
                try apply(zip(names, before).map { RefChange($0, from: $1, to: next) })
                wins += 1
            } catch {
                #expect(error is RefsChanged, "\(error)")
            }
        }
        #expect(test.scratch.exists("store.git/done"))
        let subjects = try test.git("log", "--format=%s", "refs/heads/data/a1").split(separator: "\n")
        #expect(subjects.filter { $0 == "git" }.count == 60)
        #expect(subjects.filter { $0 == "ours" }.count == wins)
        try test.git("fsck", "--strict")
    }

    @Test("A packed ref that goes does not come back while others pack and move theirs")
    func removing() throws {
        let names = (0..<60).map { ref("heads/data/a\($0)") }
        try apply(names.map { RefChange($0, from: nil, to: ids[0]) })
        let script = """
            i=0
            while [ $i -lt 40 ]; do
                git update-ref refs/heads/other/x \(ids[0]) 2>>../log
                git update-ref refs/heads/other/x \(ids[1]) 2>>../log
                git pack-refs --all 2>>../log
                i=$((i + 1))
            done
            """
        let packer = Process()
        packer.executableURL = URL(filePath: "/bin/sh")
        packer.arguments = ["-c", script]
        packer.currentDirectoryURL = URL(filePath: test.scratch("store.git"))
        packer.environment = hermeticEnvironment(home: test.scratch.path)
        try withoutBlockedSignals { try packer.run() }
        for (index, name) in names.enumerated() {
            // Half of them lie loose over what is packed.
            if index % 2 == 0 { try apply(RefChange(name, from: ids[0], to: ids[1])) }
            try apply(RefChange(name, from: index % 2 == 0 ? ids[1] : ids[0], to: nil))
        }
        packer.waitUntilExit()
        #expect(try refs.keys.sorted() == ["refs/heads/other/x"])
    }

    @Test("A lock that a killed process left is removed when it is old")
    func staleLocks() throws {
        for name in [
            "store.git/refs/heads/a.lock", "store.git/packed-refs.lock", "store.git/packed-refs.amphora",
        ] {
            try test.scratch.write(name, "nonsense")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: test.scratch(name))
        }
        try apply(
            [RefChange(ref("heads/a"), from: nil, to: ids[0])]
                + (0..<50).map { RefChange(ref("tags/\($0)"), from: nil, to: ids[0]) })
        #expect(try refs.count == 51)
        #expect(try lockCount == 0)
    }

    @Test("Locks that a process left which died moving refs are in nobody's way, however many and young")
    func deadLocks() throws {
        let names = (0..<300).map { ref("tags/\($0)") }
        for name in names {
            let lock = try test.scratch.write("store.git/\(name).lock", "")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: lock)
        }
        try apply(names.map { RefChange($0, from: nil, to: ids[0]) })
        #expect(try refs.count == 300)
        #expect(try lockCount == 0)
    }

    @Test("A lock says that it is held only while refs are moved, and counts until nobody moves any")
    func livingLocks() throws {
        let folder = FilePath(test.scratch("store.git/"))
        let file = folder.appending("refs/heads/x")
        let modified = { try FileStatus(of: $0, followLinks: false).modified }
        let lock = try #require(try LockFile(file, isMovingRefs: true))
        let path = FilePath("\(file).lock")
        #expect(try modified(path) == 0)
        try test.pool.with { repository in
            repository.whileMovingRefs {
                #expect(!StaleLock.remove(path.string, in: folder.string))
            }
        }
        try lock.write(Array("\(ids[0])\n".utf8))
        #expect(try modified(path) == 0, "who dies now left it, too")
        try lock.commit()
        #expect(try FileStatus.now() - modified(file) < 60_000_000_000, "copies are made by the time")
        let other = try #require(try LockFile(file, isMovingRefs: true))
        #expect(StaleLock.remove(path.string, in: folder.string))
        withExtendedLifetime(other) {}
        // Git's may be in use.
        _ = try test.scratch.write("store.git/refs/heads/x.lock", "")
        #expect(!StaleLock.remove(path.string, in: folder.string))
    }

    @Test(
        "A process killed at any moment has moved all refs or none, many or few at once",
        .timeLimit(.minutes(5)), arguments: [80, 12])
    func kill(count: Int) async throws {
        for round in 0..<8 {
            let folder = test.scratch("killed-\(round)")
            try TestSupport.git("clone", "--quiet", "--mirror", test.scratch("store.git"), folder, in: "/")
            try test.git("push", "--quiet", folder, "\(ids[0]):refs/keep/0", "\(ids[1]):refs/keep/1")
            let mover = RefMover(ids: Array(ids[..<2]), count: count)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    folder = folder as String, ids = mover.ids.map(\.description) as [String],
                    count = count as Int
                ] in
                try RefMover(ids: ids.map { try ObjectID(hex: $0) }, count: count).moveUntilKilled(in: folder)
            }
            let lines = try TestSupport.git(
                "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", in: folder)
            #expect(mover.isState(lines), "round \(round): \(lines)")
            try TestSupport.git("fsck", "--strict", in: folder)
        }
    }

    @Test("A ref that points at nothing can go with others")
    func dangling() throws {
        try apply(RefChange(ref("heads/a"), from: nil, to: ids[0]))
        let nowhere = String(repeating: "1", count: 40)
        try test.scratch.write("store.git/refs/heads/b", "\(nowhere)\n")
        try test.pool.with {
            try ReferenceStore($0).apply(
                [
                    RefChange(ref("heads/a"), from: ids[0], to: ids[1]),
                    RefChange(ref("heads/b"), from: ObjectID(hex: nowhere), to: nil),
                ], atOnce: true, reason: "test")
        }
        #expect(try refs == ["refs/heads/a": ids[1]])
    }
}

/// Moves refs from one state to the next until it is killed.
private struct RefMover {
    let ids: [ObjectID]
    private let indices: Range<Int>

    init(ids: [ObjectID], count: Int) {
        self.ids = ids
        indices = 0..<count
    }

    private func name(_ index: Int) -> RefName { RefName(existing: "refs/heads/data/a\(index)") }

    /// What a ref holds in a state: a third of them nothing.
    private func target(_ state: Int, _ index: Int) -> ObjectID? {
        state == 0 || (state + index) % 3 == 0 ? nil : ids[state % ids.count]
    }

    private func changes(_ state: Int) -> [RefChange] {
        indices.map { RefChange(name($0), from: target(state - 1, $0), to: target(state, $0)) }
    }

    func moveUntilKilled(in folder: String) throws {
        let repository = try Repository(path: folder)
        let delay = UInt32.random(in: 1_000...80_000)
        Thread {
            usleep(delay)
            raise(SIGKILL)
        }.start()
        for state in 1... {
            try ReferenceStore(repository).apply(changes(state), atOnce: true, reason: "state \(state)")
        }
    }

    /// Whether the refs are those of one state: six come again and again, and before the first there is nothing.
    func isState(_ lines: String) -> Bool {
        let refs = Set(lines.split(separator: "\n").map(String.init))
        return (0...6).contains { state in
            refs == Set(indices.compactMap { index in target(state, index).map { "\(name(index)) \($0)" } })
        }
    }
}
