import AmphoraGit
import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Packing refs")
struct PackedRefsTests {
    private let test: TestStore

    init() throws {
        test = try TestStore()
        let tree = try test.git("mktree", input: "")
        for index in 0..<5 {
            let commit = try test.git("commit-tree", tree, "-m", "\(index)")
            try test.git("update-ref", "refs/tags/data/v\(index)", commit)
            try test.git("update-ref", "refs/heads/data/a\(index)", commit)
            try test.git("tag", "-a", "note\(index)", "-m", "words", commit)
        }
        try test.git("tag", "-a", "twice", "-m", "words", "note0")
    }

    private var packed: String {
        get throws { String(decoding: try test.scratch.read("store.git/packed-refs"), as: UTF8.self) }
    }

    private func pack() throws -> Int { try test.pool.with { try RefPacker($0).pack() } }

    @Test("The file is the one that git writes, and the refs are the same")
    func sameAsGit() throws {
        let before = try test.git("show-ref", "-d")
        try #require(run("cp", ["-a", "store.git", "copy.git"], in: test.scratch.path).status == 0)
        try git("pack-refs", "--all", in: test.scratch("copy.git"))
        #expect(try pack() == 16)
        #expect(try packed == String(decoding: test.scratch.read("copy.git/packed-refs"), as: UTF8.self))
        #expect(try test.git("show-ref", "-d") == before)
        #expect(try pack() == 0, "there is nothing more")
        // Later refs join those that are packed.
        try test.git("update-ref", "refs/heads/data/a0", "data/v3")
        try test.git("update-ref", "refs/heads/new", "data/v3")
        let moved = try test.git("show-ref", "-d")
        #expect(try pack() == 2)
        #expect(try test.git("show-ref", "-d") == moved)
    }

    @Test("A file of packed refs that does not say what tags stand for is completed")
    func notPeeled() throws {
        _ = try pack()
        let whole = try packed
        let lines = whole.split(separator: "\n").filter { !$0.hasPrefix("^") && !$0.hasPrefix("#") }
        try test.scratch.write("store.git/packed-refs", lines.joined(separator: "\n") + "\n")
        try test.git("update-ref", "refs/heads/data/a0", "data/v0")
        try test.scratch.write("store.git/refs/heads/data/a0", "\(try test.git("rev-parse", "data/v0"))\n")
        _ = try pack()
        #expect(try packed == whole)
    }

    @Test("Refs that are locked, symbolic or malformed keep their files")
    func others() throws {
        try test.git("symbolic-ref", "refs/heads/symbolic", "refs/heads/data/a0")
        try test.scratch.write("store.git/refs/heads/empty", "")
        try test.scratch.write("store.git/refs/heads/data/a1.lock", "")
        #expect(try pack() == 15)
        for name in ["symbolic", "empty", "data/a1"] {
            #expect(test.scratch.exists("store.git/refs/heads/\(name)"), "\(name)")
        }
        try test.scratch.write("store.git/packed-refs.lock", "")
        try FileManager.default.removeItem(atPath: test.scratch("store.git/refs/heads/data/a1.lock"))
        #expect(try pack() == 0, "somebody else is packing")
    }

    @Test("A ref that git moves meanwhile is never lost")
    func racing() throws {
        let ids = try (0..<5).map { try test.git("rev-parse", "data/v\($0)") }
        // Each move is a compare-and-swap on what the one before has made: a lost one stops the chain.
        let script = """
            set -e
            last=\(ids[0])
            for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                for next in \(ids[1]) \(ids[2]) \(ids[3]) \(ids[0]); do
                    git update-ref refs/heads/data/a0 $next $last
                    last=$next
                done
            done
            touch done
            """
        let mover = Process()
        mover.executableURL = URL(filePath: "/bin/sh")
        mover.arguments = ["-c", script]
        mover.currentDirectoryURL = URL(filePath: test.scratch("store.git"))
        mover.environment = hermeticEnvironment(home: test.scratch.path)
        try withoutBlockedSignals { try mover.run() }
        while mover.isRunning { _ = try pack() }
        #expect(mover.terminationStatus == 0)
        #expect(test.scratch.exists("store.git/done"))
        #expect(try test.git("rev-parse", "refs/heads/data/a0") == ids[0])
    }
}
