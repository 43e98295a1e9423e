import AmphoraGit
import AmphoraObjects
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

/// A repository and an index of its refs, beside what git says of them.
private struct Refs {
    let scratch: Scratch
    let index: IndexDatabase
    let pool: RepositoryPool
    let commits: [String]

    init() throws {
        scratch = try Scratch()
        try git("init", "--quiet", "--bare", "store", in: scratch.path)
        let folder = scratch("store")
        commits = try (0..<4).map { number in
            try git(
                "commit-tree", "-m", "\(number)", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", in: folder
            ).trimmingCharacters(in: .newlines)
        }
        index = IndexDatabase(FilePath(scratch("index.sqlite")), schema: RefIndex.schema)
        pool = try RepositoryPool(path: folder)
    }

    @discardableResult
    func callAsFunction(_ arguments: String...) throws -> String {
        let result = try run("git", arguments, in: scratch("store"))
        #expect(result.status == 0, "\(arguments): \(result.error)")
        return result.output
    }

    /// What the index says, brought up to date if it is not.
    func indexed(_ scopes: [RefScope] = [.allVersions, .allAliases, .runs]) throws -> [String] {
        try pool.with { repository in
            if let known = try index.read({ database in
                try RefIndex(database, of: repository).isFresh(scopes) ? try self.refs(database) : nil
            }) {
                return known
            }
            return try index.write { database in
                _ = try RefIndex(database, of: repository).refresh(scopes)
                return try self.refs(database)
            }
        }
    }

    private func refs(_ database: Database) throws -> [String] {
        try Row.fetchAll(database, sql: "SELECT folder || '/' || name, \(KnownRef.columns) FROM refs")
            .compactMap { row in
                try KnownRef(row, at: 1).target.map { "\(row[0] as String) \($0)" }
            }.sorted()
    }

    /// What git says of the same refs.
    func listed() throws -> [String] {
        try self("for-each-ref", "--format=%(refname) %(objectname)").split(separator: "\n").map(String.init)
            .filter { line in
                RefScope.covers(RefName(existing: String(line.prefix { $0 != " " })))
            }.sorted()
    }

    func isFresh() throws -> Bool {
        try pool.with { repository in
            try index.read {
                try RefIndex($0, of: repository).isFresh([.allVersions, .allAliases, .runs])
            }
        }
    }
}

@Suite("Index of refs")
struct RefIndexTests {
    @Test("Changes of many refs at once are seen, in files of their own and packed")
    func transactions() throws {
        let refs = try Refs()
        let ids = try refs.commits.map { try ObjectID(hex: $0) }
        func apply(_ count: Int, _ old: ObjectID?, _ new: ObjectID?) throws {
            let changes = (0..<count).map {
                RefChange(RefName(existing: "refs/tags/data/v\($0)"), from: old, to: new)
            }
            try refs.pool.with { try ReferenceStore($0).apply(changes, reason: "test") }
            #expect(try refs.indexed() == refs.listed())
        }
        try apply(100, nil, ids[0])
        try apply(5, ids[0], ids[1])
        try apply(5, ids[1], ids[0])
        try apply(100, ids[0], ids[2])
        try apply(3, ids[2], nil)
    }

    @Test("After every kind of change by git it says what git says", arguments: 0..<4)
    func git(seed: UInt64) throws {
        let refs = try Refs()
        var generator = SplitMix64(seed: seed)
        let names = [
            "refs/tags/a/v0", "refs/tags/a/v1", "refs/tags/b/v0", "refs/heads/a/best", "refs/heads/a/latest",
            "refs/heads/b/latest", "refs/notes/runs/abcdefgh", "refs/notes/runs/abcdefgi",
            // Not ours.
            "refs/tags/c/deep/v0", "refs/tags/plain", "refs/heads/main", "refs/notes/commits",
            "refs/tags/a/v01", "refs/notes/runs/short",
        ]
        for step in 0..<60 {
            let name = names[Int.random(in: 0..<names.count, using: &generator)]
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: try refs("pack-refs", "--all")
            case 1: try refs("pack-refs", "--all", "--no-prune")
            case 2: try refs("pack-refs")
            case 3...5: try refs("update-ref", "-d", name)
            case 6: try refs("symbolic-ref", "refs/heads/a/linked", "refs/heads/a/best")
            case 7:
                try FileManager.default.createDirectory(
                    atPath: refs.scratch("store/refs/tags/empty\(step)"), withIntermediateDirectories: true)
            default:
                let commit = refs.commits[Int.random(in: 0..<refs.commits.count, using: &generator)]
                try refs("update-ref", name, commit)
            }
            #expect(try refs.indexed() == refs.listed(), "step \(step)")
            // Longer than a tick: what is remembered now is trusted.
            if step.isMultiple(of: 3) {
                Pause.sleep(nanoseconds: 2 * FileStatus.clockTick)
                #expect(try refs.indexed() == refs.listed(), "step \(step), later")
            }
        }
    }

    @Test("What has not changed is not looked into again, what has changed is")
    func freshness() throws {
        let refs = try Refs()
        try refs("update-ref", "refs/tags/a/v0", refs.commits[0])
        Pause.sleep(nanoseconds: 2 * FileStatus.clockTick)
        #expect(try !refs.isFresh())
        _ = try refs.indexed()
        #expect(try refs.isFresh())
        for change in [
            ["update-ref", "refs/tags/a/v0", refs.commits[1]],
            ["update-ref", "refs/tags/a/v1", refs.commits[1]],
            ["pack-refs", "--all"], ["update-ref", "-d", "refs/tags/a/v1"],
        ] {
            _ = try run("git", change, in: refs.scratch("store"))
            #expect(try !refs.isFresh(), "\(change)")
            Pause.sleep(nanoseconds: 2 * FileStatus.clockTick)
            _ = try refs.indexed()
            #expect(try refs.isFresh(), "\(change)")
        }
    }

    @Test("A ref that is moved twice within one tick of the clock is seen at both places")
    func withinATick() throws {
        let refs = try Refs()
        let name = RefName(existing: "refs/tags/a/v0")
        let ids = try refs.commits.map { try ObjectID(hex: $0) }
        try refs.pool.with { repository in
            let references = ReferenceStore(repository)
            for step in 0..<200 {
                let id = ids[step % ids.count]
                try references.update(name, reason: "test") { _ in id }
                #expect(try refs.indexed() == ["\(name) \(id)"])
            }
        }
    }

    @Test("Looking at one artifact alone leaves the others to be found later")
    func scopes() throws {
        let refs = try Refs()
        for name in ["a", "b"] { try refs("update-ref", "refs/tags/\(name)/v0", refs.commits[0]) }
        let artifact = try ArtifactName("a")
        #expect(try refs.indexed([.versions(of: artifact)]) == refs.listed().filter { $0.contains("/a/") })
        #expect(try refs.indexed() == refs.listed())
        try refs("update-ref", "-d", "refs/tags/a/v0")
        #expect(try refs.indexed([.versions(of: artifact)]) == refs.listed())
        #expect(try refs.indexed() == refs.listed())
    }

    @Test("A ref that cannot be read is no ref, as for git, even if a packed one lies behind it")
    func broken() throws {
        let refs = try Refs()
        for name in ["v0", "v1"] { try refs("update-ref", "refs/tags/a/\(name)", refs.commits[0]) }
        try refs("pack-refs", "--all")
        let file = URL(filePath: refs.scratch("store/refs/tags/a/v0"))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        for text in ["", "nonsense\n", refs.commits[1] + "00\n"] {
            try Data(text.utf8).write(to: file, options: .atomic)
            #expect(try refs.indexed() == ["refs/tags/a/v1 \(refs.commits[0])"], "\(text)")
            // It is mended in place, which no folder shows.
            Pause.sleep(nanoseconds: 2 * FileStatus.clockTick)
            try Data("\(refs.commits[2])\n".utf8).write(to: file)
            #expect(try refs.indexed() == refs.listed())
        }
    }

    @Test("A folder of refs that is a link is followed")
    func links() throws {
        let refs = try Refs()
        try refs("update-ref", "refs/tags/a/v0", refs.commits[0])
        let folder = refs.scratch("store/refs/tags/a")
        try FileManager.default.moveItem(atPath: folder, toPath: refs.scratch("elsewhere"))
        try FileManager.default.createSymbolicLink(
            atPath: folder, withDestinationPath: refs.scratch("elsewhere"))
        #expect(try refs.indexed() == ["refs/tags/a/v0 \(refs.commits[0])"])
        Pause.sleep(nanoseconds: 2 * FileStatus.clockTick)
        try refs.scratch.write("elsewhere/v1", "\(refs.commits[1])\n")
        #expect(try refs.indexed().count == 2)
    }

    @Test("Packed refs that are no such file are an error")
    func malformedPackedRefs() throws {
        let refs = try Refs()
        try refs.scratch.write("store/packed-refs", "nonsense\n")
        #expect(throws: MalformedObject.self) { try refs.indexed() }
    }

    @Test("While git moves and packs refs, every look finds each ref at one of its places")
    func racing() throws {
        let refs = try Refs()
        for number in 0..<20 { try refs("update-ref", "refs/tags/a/v\(number)", refs.commits[0]) }
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = URL(filePath: refs.scratch("store"))
        process.environment = hermeticEnvironment(home: refs.scratch.path)
        process.arguments = [
            "-c",
            """
            for round in 1 2 3 4 5 6 7 8; do
                for n in 0 3 7 12 19; do git update-ref refs/tags/a/v$n \(refs.commits[1]); done
                git pack-refs --all
                for n in 0 3 7 12 19; do git update-ref refs/tags/a/v$n \(refs.commits[0]); done
            done
            """,
        ]
        try withoutBlockedSignals { try process.run() }
        while process.isRunning {
            let lines = try refs.indexed()
            #expect(lines.count == 20)
            #expect(lines.allSatisfy { $0.hasSuffix(refs.commits[0]) || $0.hasSuffix(refs.commits[1]) })
        }
        #expect(try refs.indexed() == refs.listed())
    }
}
