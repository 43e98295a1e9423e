import AmphoraObjects
import Foundation
import TestSupport
import Testing

@testable import Amphora

@Suite("Tidying up")
struct UpkeepTests {
    private func fsck(_ test: TestStore) throws -> String {
        let result = try run("git", ["fsck", "--strict", "--full", "--no-dangling"], in: test.folder)
        return result.error.split(separator: "\n").filter { !$0.hasPrefix("notice: ") }.joined()
            + (result.status == 0 ? "" : "status \(result.status)")
    }

    private func objects(_ test: TestStore) throws -> Set<String> {
        let list = try git("cat-file", "--batch-check=%(objectname)", "--batch-all-objects", in: test.folder)
        return Set(list.split(separator: "\n").map(String.init))
    }

    private func files(_ test: TestStore, _ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(test.folder)/\(folder)").filter {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(
                atPath: "\(test.folder)/\(folder)/\($0)", isDirectory: &isFolder)
            return !isFolder.boolValue
        }.sorted()
    }

    /// Makes everything in the store look older.
    private func age(_ test: TestStore, days: Int) throws {
        _ = try run(
            "find", ["objects", "-type", "f", "-exec", "touch", "-d", "\(days) days ago", "{}", "+"],
            in: test.folder)
    }

    private func blob(_ text: String, in test: TestStore) throws -> String {
        String(
            try run("git", ["hash-object", "-w", "--stdin"], in: test.folder, input: text).output.dropLast())
    }

    @Test("All that is loose becomes one pack, refs are packed, and nothing is lost")
    func packing() throws {
        let test = try TestStore()
        let versions = try (0..<5).map { try test.put(["a": "\($0)", "shared": "1"], aliases: ["best"]) }
        let before = try objects(test)
        let refs = try git("show-ref", in: test.folder)
        let upkeep = try test.store.collectGarbage()
        #expect(upkeep.packed.objectCount == before.count)
        #expect(upkeep.newPackCount == 1 && upkeep.removedLooseCount == before.count)
        #expect(upkeep.dropped.objectCount == 0 && upkeep.packedRefCount > 10)
        #expect(try objects(test) == before)
        #expect(try git("show-ref", in: test.folder) == refs)
        let pack = try files(test, "objects")
        #expect(pack.count == 2 && pack.allSatisfy { $0.hasPrefix("pack/pack-") })
        #expect(try files(test, "refs") == [])
        try git("verify-pack", "objects/\(pack[0])", in: test.folder)
        #expect(try fsck(test) == "")
        for (index, version) in versions.enumerated() {
            #expect(try version.read("a") == Array("\(index)".utf8), "the store that was open goes on")
        }
        #expect(try test.store.verify().isSound)
        #expect(try test.store.collectGarbage().isIdle)
        #expect(try files(test, "objects") == pack)
        // Small packs become one.
        for round in 0..<3 {
            try test.put(["b": "\(round)"])
            _ = try test.store.collectGarbage()
            #expect(try files(test, "objects").count == 2)
        }
        #expect(try fsck(test) == "")
    }

    @Test("What a removed version alone needed is dropped after the grace period, not before")
    func dropping() throws {
        let test = try TestStore()
        try test.put(["a": "kept", "b": "shared"])
        let gone = try test.put(["a": "gone", "b": "shared"])
        let id = try gone.files()[0].id.description
        try test.store.remove(gone)
        try age(test, days: 10)
        #expect(try test.store.collectGarbage().dropped.objectCount == 0)
        #expect(try objects(test).contains(id), "its log names it still")
        #expect(try fsck(test) == "")
        let upkeep = try test.store.collectGarbage(grace: .zero)
        #expect(upkeep.dropped.objectCount == 3, "commit, tree and file")
        #expect(try !objects(test).contains(id))
        #expect(try fsck(test) == "", "no log names it any more")
        #expect(try test.store.verify().isSound)
        #expect(try test.store.version("data").read("a") == Array("kept".utf8))
    }

    @Test("Garbage that is young stays, with all that it needs, and gets no younger")
    func young() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        let old = try blob("old", in: test)
        let needed = try blob("needed", in: test)
        try age(test, days: 20)
        let young = try blob("young", in: test)
        let tree = try run(
            "git", ["mktree"], in: test.folder, input: "100644 blob \(needed)\tx\n"
        ).output.dropLast()
        let upkeep = try test.store.collectGarbage()
        #expect(upkeep.dropped.objectCount == 1)
        let left = try objects(test)
        #expect(!left.contains(old))
        #expect(left.isSuperset(of: [needed, young, String(tree)]))
        #expect(try fsck(test) == "")
        // The same for packs: what is young is apart, as old as its pack was.
        try git("update-ref", "refs/tags/temporary", String(tree), in: test.folder)
        try test.put(["a": "2"])
        _ = try test.store.collectGarbage()
        try git("update-ref", "-d", "refs/tags/temporary", in: test.folder)
        try age(test, days: 5)
        #expect(try test.store.collectGarbage().recent.objectCount == 2)
        #expect(try objects(test).isSuperset(of: [needed, young, String(tree)]))
        #expect(try test.store.collectGarbage().isIdle)
        let dates = try files(test, "objects/pack").filter { $0.hasSuffix(".pack") }.map { name in
            try FileManager.default.attributesOfItem(atPath: "\(test.folder)/objects/pack/\(name)")[
                .modificationDate] as? Date ?? .now
        }
        #expect(dates.count == 2)
        #expect(dates.contains { $0.timeIntervalSinceNow < -4 * 86_400 })
        try age(test, days: 20)
        #expect(try test.store.collectGarbage().dropped.objectCount == 3)
        #expect(try fsck(test) == "")
    }

    @Test("What is staged in a working tree of git's stays, whatever its age")
    func workingTrees() throws {
        let test = try TestStore(isBare: true)
        try test.put("data", ["a": "1"])
        let folder = test.scratch("work")
        try git("worktree", "add", "--quiet", "--detach", folder, "data/v0", in: test.folder)
        try test.scratch.write("work/staged", "staged words")
        try git("add", "staged", in: folder)
        _ = try test.store.collectGarbage(grace: .zero)
        #expect(try git("show", ":staged", in: folder) == "staged words")
    }

    @Test("What git has stashed stays for ever")
    func stashes() throws {
        let test = try TestStore()
        let version = try test.put("data", ["a": "1"])
        let stashes = try ["first", "second"].map { text in
            try git("commit-tree", "-m", text, "\(version.treeID)", in: test.folder)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        try git("update-ref", "refs/stash", stashes[1], in: test.folder)
        let zero = String(repeating: "0", count: 40)
        let lines = zip([zero] + stashes, stashes).map {
            "\($0) \($1) A U Thor <a@b> 1000000000 +0000\tWIP\n"
        }
        try FileManager.default.createDirectory(
            atPath: "\(test.folder)/logs/refs", withIntermediateDirectories: true)
        try lines.joined().write(toFile: "\(test.folder)/logs/refs/stash", atomically: true, encoding: .utf8)
        _ = try test.store.collectGarbage(grace: .zero)
        #expect(try git("reflog", "show", "refs/stash", in: test.folder).split(separator: "\n").count == 2)
        try git("cat-file", "-e", stashes[0], in: test.folder)
    }

    @Test("Packs that somebody wants to keep are not touched")
    func kept() throws {
        let test = try TestStore()
        let gone = try test.put(["a": "1"])
        _ = try test.store.collectGarbage()
        let pack = try files(test, "objects/pack")
        try test.store.remove(gone)
        try "".write(
            toFile: "\(test.folder)/objects/pack/\(pack[0].dropLast(3))keep", atomically: false,
            encoding: .utf8)
        try test.put(["a": "2"])
        _ = try test.store.collectGarbage(grace: .zero)
        #expect(try files(test, "objects/pack").count == 5)
        #expect(Set(pack).isSubset(of: try files(test, "objects/pack")))
        #expect(try fsck(test) == "")
    }

    @Test("A dry run says what would be done, and does nothing")
    func dryRun() throws {
        let test = try TestStore()
        try test.store.remove(try test.put(["a": "1"]))
        try test.put(["a": "2"])
        try FileManager.default.createDirectory(
            atPath: "\(test.folder)/objects/tmp_objdir-amphora-x", withIntermediateDirectories: false)
        let before = try files(test, ".").filter { !$0.hasSuffix("amphora/lock") }
        let planned = try test.store.collectGarbage(grace: .zero, dryRun: true)
        #expect(try files(test, ".").filter { !$0.hasSuffix("amphora/lock") } == before)
        let done = try test.store.collectGarbage(grace: .zero)
        #expect(planned.dropped == done.dropped && planned.packed == done.packed)
        #expect(planned.packedRefCount == done.packedRefCount && planned.leftoverCount == 1)
        #expect(planned.newPackCount == done.newPackCount)
        #expect(done.dropped.objectCount == 3)
    }

    @Test("What killed writers left is removed, and git's own temporary files are not")
    func leftovers() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        for name in ["tmp_objdir-amphora-1/x", "tmp_objdir-amphora-2/y/z", "pack/tmp_pack_git"] {
            let path = "\(test.folder)/objects/\(name)"
            try FileManager.default.createDirectory(
                atPath: URL(filePath: path).deletingLastPathComponent().path,
                withIntermediateDirectories: true)
            try "x".write(toFile: path, atomically: false, encoding: .utf8)
        }
        #expect(try test.store.collectGarbage().leftoverCount == 2)
        #expect(try files(test, "objects").filter { $0.contains("tmp_") } == ["pack/tmp_pack_git"])
    }

    @Test("What git's killed writers left goes after the grace period, and never while it changes")
    func gitTemporaries() throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        let old = [
            "tmp_objdir-incoming-a/pack/tmp_pack_a", "incoming-b/12/3", "pack/tmp_idx_c",
            "pack/.tmp-7-pack-d.pack",
            "12/tmp_obj_e",
        ]
        // In the last one a push is at work.
        for name in old + ["tmp_objdir-incoming-f/pack/x"] {
            let path = "\(test.folder)/objects/\(name)"
            try FileManager.default.createDirectory(
                atPath: URL(filePath: path).deletingLastPathComponent().path,
                withIntermediateDirectories: true)
            try "x".write(toFile: path, atomically: false, encoding: .utf8)
        }
        let temporaries = { try self.files(test, "objects").filter { !$0.hasPrefix("pack/pack-") } }
        func age(_ time: String) throws {
            let paths = ["objects", "(", "-path", "*tmp*", "-o", "-path", "*incoming*", ")"]
            _ = try run(
                "find", paths + ["-exec", "touch", "-d", time, "{}", "+"], in: test.folder)
        }
        try age("10 days ago")
        #expect(try test.store.collectGarbage().leftoverCount == 0)
        #expect(try temporaries().count == 6)
        try age("20 days ago")
        try test.scratch.write("project/.amphora/objects/tmp_objdir-incoming-f/pack/y", "")
        #expect(try test.store.collectGarbage(dryRun: true).leftoverCount == 5)
        #expect(try test.store.collectGarbage().leftoverCount == 5)
        #expect(
            try temporaries().map { $0.prefix(21) } == ["tmp_objdir-incoming-f", "tmp_objdir-incoming-f"])
        #expect(try test.store.collectGarbage(grace: .zero).leftoverCount == 0, "not at once")
        try age("1 hour ago")
        #expect(try test.store.collectGarbage(grace: .zero).leftoverCount == 1)
        #expect(try temporaries().isEmpty)
        #expect(try test.store.verify().isSound)
    }

    @Test(
        "While a ref needs what cannot be read, nothing is removed, and the ref is named",
        arguments: ["data/v1^{tree}", "data/v1^{commit}", "ref"])
    func refusing(what: String) throws {
        let test = try TestStore()
        try test.put(["a": "1"])
        try test.put(["a": "2"])
        let garbage = try blob("garbage", in: test)
        if what == "ref" {
            try "".write(
                toFile: "\(test.folder)/refs/tags/data/v1", atomically: false, encoding: .utf8)
        } else {
            let id = try git("rev-parse", what, in: test.folder).dropLast()
            let path = "\(test.folder)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
            try FileManager.default.removeItem(atPath: path)
            try "damaged".write(toFile: path, atomically: false, encoding: .utf8)
        }
        let before = try files(test, "objects")
        let error = try failure { _ = try test.reopened().collectGarbage(grace: .zero) }
        #expect(error.code == .corrupt)
        #expect(error.message.contains("data:v1"))
        #expect(error.message.contains("nothing was removed"))
        #expect(error.hint?.contains("amphora verify") == true)
        #expect(try files(test, "objects") == before)
        #expect(before.contains("\(garbage.prefix(2))/\(garbage.dropFirst(2))"))
    }

    @Test("A damaged file stops it before anything is removed; a second copy mends it")
    func damagedFile() throws {
        let test = try TestStore()
        let version = try test.put(["a": "content of a file", "b": "2"])
        let id = try version.files()[0].id.description
        let path = "\(test.folder)/objects/\(id.prefix(2))/\(id.dropFirst(2))"
        let whole = try Data(contentsOf: URL(filePath: path))
        func damage() throws {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: "\(test.folder)/objects/\(id.prefix(2))", withIntermediateDirectories: true)
            var bytes = whole
            bytes[bytes.count / 2] ^= 0x10
            try bytes.write(to: URL(filePath: path))
        }
        try damage()
        let before = try files(test, "objects")
        let error = try failure { _ = try test.reopened().collectGarbage(grace: .zero) }
        #expect(error.code == .corrupt)
        #expect(error.causes.joined().contains(id))
        #expect(try files(test, "objects") == before, "no new pack is left either")
        try FileManager.default.removeItem(atPath: path)
        try whole.write(to: URL(filePath: path))
        _ = try test.reopened().collectGarbage()
        try damage()
        #expect(try !test.reopened().verify().isSound)
        _ = try test.reopened().collectGarbage()
        #expect(try test.reopened().verify().isSound)
        #expect(try fsck(test) == "")
    }

    @Test("Packs that git made, with deltas, bitmaps and an index over all, are taken in")
    func afterGit() throws {
        let test = try TestStore()
        let text = (0..<3000).map { "line \($0)\n" }.joined()
        for index in 0..<4 { try test.put(["a": text + "\(index)"]) }
        try git("-c", "core.bigFileThreshold=100m", "repack", "-adfb", "--depth=10", in: test.folder)
        try test.put(["a": text + "last"])
        try git("-c", "core.bigFileThreshold=100m", "repack", "-d", in: test.folder)
        try git("multi-pack-index", "write", in: test.folder)
        try git("commit-graph", "write", "--reachable", in: test.folder)
        try test.store.remove(try test.store.version("data:v1"))
        let before = try files(test, "objects/pack").reduce(0) { sum, name in
            let path = "\(test.folder)/objects/pack/\(name)"
            return try sum + Data(contentsOf: URL(filePath: path)).count
        }
        let upkeep = try test.reopened().collectGarbage(grace: .zero)
        #expect(upkeep.dropped.objectCount > 0 && upkeep.freedByteCount > 0)
        let names = try files(test, "objects/pack")
        #expect(names.count == 2)
        let after = try names.reduce(0) {
            try $0 + Data(contentsOf: URL(filePath: "\(test.folder)/objects/pack/\($1)")).count
        }
        #expect(after < before)
        #expect(try fsck(test) == "")
        try git("commit-graph", "verify", in: test.folder)
        #expect(try git("verify-pack", "-v", "objects/pack/\(names[0])", in: test.folder).contains("chain"))
        #expect(try test.reopened().version("data").read("a") == Array((text + "last").utf8))
        #expect(try test.reopened().verify().isSound)
    }

    @Test("A damaged index stops it before anything is changed, since the pack may be sound")
    func damagedIndex() throws {
        let test = try TestStore()
        let version = try test.put(["a": String(repeating: "a", count: 10_000)])
        _ = try test.store.collectGarbage()
        let index = try #require(try files(test, "objects").first { $0.hasSuffix(".idx") })
        let path = "\(test.folder)/objects/\(index)"
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        // An object's name: the object is not found any more, and one is found that nobody knows.
        bytes[8 + 256 * 4] ^= 0x01
        try FileManager.default.removeItem(atPath: path)
        try Data(bytes).write(to: URL(filePath: path))
        let before = try files(test, "objects")
        let store = try test.reopened()
        for isDryRun in [true, false] {
            let error = #expect(throws: (any Error).self) {
                try store.collectGarbage(grace: .zero, dryRun: isDryRun)
            }
            #expect(error.map { render($0) }?.contains("git index-pack") == true)
        }
        #expect(try files(test, "objects") == before)
        // What the hint says helps.
        try FileManager.default.removeItem(atPath: path)
        try git("index-pack", "objects/\(index.dropLast(4)).pack", in: test.folder)
        #expect(try test.reopened().verify().isSound)
        #expect(try version.read("a").count == 10_000)
    }

    @Test("Locks of refs and of their logs that killed processes left stop nothing, and go")
    func staleLocks() throws {
        let test = try TestStore()
        for index in 0..<3 { try test.put(["a": "\(index)"]) }
        let old = Date(timeIntervalSinceNow: -60)
        for lock in ["logs/refs/heads/data/latest.lock", "logs/HEAD.lock", "refs/tags/data/v2.lock"] {
            try test.scratch.write("project/.amphora/\(lock)", "")
            try FileManager.default.setAttributes(
                [.modificationDate: old], ofItemAtPath: "\(test.folder)/\(lock)")
        }
        for index in 0..<2 { try test.store.remove(test.store.version("data:v\(index)")) }
        #expect(try test.store.collectGarbage(grace: .zero).dropped.objectCount > 0)
        #expect(try fsck(test) == "")
        let locks = try files(test, "refs") + files(test, "logs")
        #expect(locks.filter { $0.hasSuffix(".lock") } == [])
    }

    @Test("What a delta is on stays with it, and then there is nothing more to do")
    func garbageBelowDelta() throws {
        let test = try TestStore()
        let text = (0..<3000).map { "line \($0 * 7919 % 10_007)\n" }.joined()
        for index in 0..<4 { try test.put(["a": text + String(repeating: "more\n", count: index)]) }
        try git("-c", "core.bigFileThreshold=100m", "repack", "-adfq", in: test.folder)
        // git makes the shorter ones deltas on the longest.
        let store = try test.reopened()
        try store.remove(store.version("data:v3"))
        try test.put(["b": "1"])
        _ = try store.collectGarbage(grace: .zero)
        #expect(try fsck(test) == "")
        #expect(try store.collectGarbage(grace: .zero).isIdle)
        #expect(try store.verify().isSound)
        #expect(try store.version("data:v0").read("a") == Array(text.utf8))
    }

    @Test("An unchanged file whose content was dropped is stored again, by a store open all the time too")
    func dropped() throws {
        let test = try TestStore()
        let big = try test.scratch.write("big", randomBytes(count: 3 << 20, seed: 5))
        let small = try test.scratch.write("small", "small")
        // Old enough for the stat cache to remember them.
        Thread.sleep(forTimeInterval: 0.05)
        func put(_ store: Store) throws -> Version {
            var artifact = Artifact(name: "data", type: "dataset")
            try artifact.addFile(big, as: "big")
            try artifact.addFile(small, as: "small")
            let run = try store.startRun(project: "p", jobType: "put")
            return try run.log(artifact)
        }
        let open = try test.reopened()
        try open.remove(try put(open))
        // In packs that the open store has read from, as another process would.
        _ = try test.store.collectGarbage()
        #expect(try put(open).read("small") == Array("small".utf8))
        try open.remove(try open.version("data"))
        #expect(try test.store.collectGarbage(grace: .zero).dropped.objectCount > 10)
        let version = try put(open)
        #expect(try version.read("big") == randomBytes(count: 3 << 20, seed: 5))
        #expect(try test.reopened().verify().isSound)
        #expect(try fsck(test) == "")
    }
}
