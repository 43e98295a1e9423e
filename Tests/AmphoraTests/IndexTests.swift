import AmphoraStore
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Amphora

@Suite("Derived index")
struct IndexTests {
    private func check(
        _ store: Store, _ step: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try StoreSnapshot(copyOf: store.path)
        #expect(try StoreSnapshot(store) == expected, "\(step)", sourceLocation: sourceLocation)
        let names = try git("for-each-ref", "--format=%(refname) %(objectname)", in: store.path)
        let versions = try store.allVersions().map {
            "refs/tags/\($0.name.artifact)/\($0.name.number) \($0.commitID)"
        }
        #expect(Set(versions).isSubset(of: Set(names.split(separator: "\n").map(String.init))))
    }

    private func described(_ snapshot: Amphora.StoreSnapshot) -> [String] {
        snapshot.versions.map { "\($0) \($0.commitID) \($0.byteCount)" } + snapshot.tombstones.map { "\($0)" }
            + snapshot.aliases.map { "\($0)" } + snapshot.damage.map(\.message)
            + snapshot.runs.map { "\($0) \($0.commitID) \($0.state) \($0.links)" }
            + [snapshot.tips, snapshot.lineage.json.canonical]
    }

    @Test(
        "After every kind of change, by amphora or plain git, it says what a new one says", arguments: 0..<3)
    func changes(seed: UInt64) throws {
        let test = try TestStore()
        let store = test.store
        var generator = SplitMix64(seed: seed)
        let first = try test.put(["a": "0"], metadata: ["k": [1, "two", nil]], aliases: ["best"])
        try test.put("other", ["a": "0"], description: "Title\n\nMore")
        var run = try test.startRun()
        var snapshot = try store.snapshot()
        func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &generator) }
        for step in 0..<32 {
            let artifact = pick(["data", "other", "third"]) ?? "data"
            let version = pick(try store.allVersions()) ?? first
            let kind = Int.random(in: 0..<18, using: &generator)
            switch kind {
            case 0...2: try test.put(artifact, ["a": "\(step)"], aliases: [pick(["best", "good"]) ?? "best"])
            case 3: try store.setAlias(Alias("best"), to: version)
            case 4: _ = try? store.removeAlias(Alias("best"), of: version.name.artifact)
            case 5: try store.remove(version, force: true)
            case 6:
                run = try test.startRun("job\(step)")
                try run.use(version)
            case 7: _ = try run.log(test.artifact(artifact, ["a": "\(step)"]))
            case 8: try run.finish()
            case 9: try git("pack-refs", "--all", in: test.folder)
            case 10: try git("pack-refs", "--all", "--no-prune", in: test.folder)
            case 11:
                try git(
                    "update-ref", "refs/tags/\(artifact)/v\(step + 100)", "\(version.commitID)",
                    in: test.folder)
            case 12:
                try git(
                    "update-ref", "-d", "refs/tags/\(version.name.artifact)/\(version.name.number)",
                    in: test.folder)
            case 13:
                try git("update-ref", "refs/heads/\(artifact)/by-git", "\(version.commitID)", in: test.folder)
            case 14:
                if let run = pick(try store.runs()) {
                    try git("update-ref", "-d", "refs/notes/runs/\(run.id)", in: test.folder)
                }
                run = try test.startRun()
            case 15:
                try git(
                    "update-ref", "refs/tags/\(artifact)/v\(step + 200)", "\(version.treeID)", in: test.folder
                )
            case 16:
                let ref = "refs/notes/runs/\(run.id)"
                try git(
                    "notes", "--ref=\(ref)", "add", "-f", "-m", "by hand", "\(version.commitID)",
                    in: test.folder)
            default: try git("gc", "--quiet", "--prune=now", in: test.folder)
            }
            if step.isMultiple(of: 4) { Thread.sleep(forTimeInterval: 0.05) }
            try check(store, "step \(step), change \(kind)")
            snapshot = try store.snapshot(after: snapshot)
            #expect(try described(snapshot) == described(store.snapshot()), "step \(step), change \(kind)")
        }
        try check(test.reopened(), "in the end, opened anew")
    }

    @Test("One version's surroundings are what the whole graph has around it")
    func around() throws {
        let test = try TestStore()
        var generator = SplitMix64(seed: 7)
        for step in 0..<14 {
            let run = try test.startRun()
            for version in try test.store.allVersions().shuffled(using: &generator).prefix(step % 3) {
                try run.use(version)
            }
            _ = try run.log(test.artifact("a\(step % 4)", ["a": "\(step)"]))
        }
        try test.store.remove(test.store.version("a0:v1"))
        let graph = try test.store.lineage()
        let nodes =
            graph.versions.map { LineageGraph.NodeID.version($0.commitID) } + graph.runs.map { .run($0.id) }
        let ways: [Set<LineageDirection>] = [[.up], [.down], [.up, .down], []]
        for node in nodes {
            for (directions, depth) in zip(ways + ways, [nil, nil, nil, nil, 1, 2, 3, 0] as [Int?]) {
                let part = try test.store.lineage(around: [node], directions: directions, depth: depth)
                let expected = graph.around([node], directions: directions, depth: depth)
                #expect(part.json == expected.json)
                #expect(part.versions == expected.versions)
            }
        }
    }

    private func index(of test: TestStore) -> String { "\(test.folder)/amphora/index.sqlite" }

    @Test(
        "An index that cannot be used is made anew, or done without",
        arguments: [
            "gone", "empty", "garbage", "truncated", "page", "schema", "foreign", "folder", "no folder",
        ])
    func unusable(state: String) throws {
        let test = try TestStore()
        for step in 0..<30 {
            try test.put("a\(step % 3)", ["a": "\(step)"], description: String(repeating: "x", count: 900))
        }
        let expected = try StoreSnapshot(test.store)
        // Closing the store brings all of the index into one file.
        let folder = test.folder
        let path = index(of: test)
        var content = try closedIndex(of: test)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        switch state {
        case "empty": content = Data()
        case "garbage": content = Data(randomBytes(count: content.count, seed: 1))
        case "truncated": content = content.prefix(content.count / 2)
        case "page": content.replaceSubrange(8192..<24576, with: randomBytes(count: 16384, seed: 2))
        // The last byte of SQLite's user version.
        case "schema": content[63] ^= 1
        case "foreign":
            let other = try TestStore()
            try other.put(["a": "elsewhere"])
            _ = try StoreSnapshot(other.store)
            content = try closedIndex(of: other)
        case "folder":
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        case "no folder": try FileManager.default.removeItem(atPath: "\(folder)/amphora")
        default: break
        }
        if !["gone", "folder", "no folder"].contains(state) { try content.write(to: URL(filePath: path)) }
        for _ in 0..<2 {
            let store = try Store.open(
                at: folder, surroundings: TestStore.surroundings(in: test.scratch.path))
            #expect(try StoreSnapshot(store) == expected)
            #expect(try StoreSnapshot(store) == expected, "asked again")
            let rows = try store.index.file?.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM versions")
            }
            #expect(rows == (state == "folder" ? nil : 30))
        }
    }

    /// The index of a store, all in one file.
    private func closedIndex(of test: TestStore) throws -> Data {
        test.store.index.close()
        return try Data(contentsOf: URL(filePath: index(of: test)))
    }

    @Test("Damage that is mended is forgotten")
    func mended() throws {
        let test = try TestStore()
        let version = try test.put(["a": "1"])
        let digits = version.commitID.description
        let object = "\(test.folder)/objects/\(digits.prefix(2))/\(digits.dropFirst(2))"
        let bytes = try Data(contentsOf: URL(filePath: object))
        try FileManager.default.removeItem(atPath: object)
        for isIndexNew in [false, true] {
            if isIndexNew {
                test.store.index.close()
                try FileManager.default.removeItem(atPath: index(of: test))
            }
            var damaged: [VersionName] = []
            let store = try test.reopened()
            #expect(try store.allVersions { damaged.append($0.name) } == [])
            #expect(damaged == [version.name])
            #expect(try store.artifacts().isEmpty)
        }
        try bytes.write(to: URL(filePath: object))
        let store = try test.reopened()
        #expect(try store.allVersions() == [version])
        #expect(try store.artifacts().map(\.newest) == [version])
        #expect(try store.runs().map(\.links.count) == [1])
        try check(store, "mended")
    }
}
