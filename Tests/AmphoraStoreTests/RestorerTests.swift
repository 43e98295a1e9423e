import AmphoraGit
import AmphoraObjects
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Restoring files")
struct RestorerTests {
    private let test: TestStore
    private let restorer: Restorer
    private let large = randomBytes(count: 1 << 20, seed: 1)

    init() throws {
        test = try TestStore()
        restorer = Restorer(test.pool, cache: StatCache(test.path("cache.sqlite")))
    }

    private var target: FilePath { test.path("target") }

    @discardableResult
    private func restore(_ files: [TreeFile]) throws -> RestoreReport {
        try restorer.restore(files, into: target, progress: nil)
    }

    /// Everything below the target, links and folders too, but for what is below links.
    private func found() throws -> Set<String> {
        Set(try FileManager.default.subpathsOfDirectory(atPath: target.string))
    }

    private func report(written: Int, bytes: Int, unchanged: Int) -> RestoreReport {
        RestoreReport(writtenFileCount: written, writtenByteCount: bytes, unchangedFileCount: unchanged)
    }

    private func files() throws -> [TreeFile] {
        try test.tree(["a/b": [1, 2, 3], "a/large": large, "run.sh": [4]], executable: ["run.sh"]).files
    }

    private var total: Int { large.count + 4 }

    @Test("Files appear with their content and bit, and nothing else does")
    func restoring() throws {
        let told = Mutex<[AmphoraObjects.Progress]>([])
        let files = try files()
        let report = try restorer.restore(files, into: target) { progress in
            told.withLock { $0.append(progress) }
        }
        #expect(report == self.report(written: 3, bytes: total, unchanged: 0))
        #expect(try found() == ["a", "a/b", "a/large", "run.sh"])
        #expect(try test.scratch.read("target/a/b") == [1, 2, 3])
        #expect(try test.scratch.read("target/a/large") == large)
        #expect(try FileStatus(of: target.appending("run.sh"), followLinks: false).isExecutable)
        #expect(try !FileStatus(of: target.appending("a/b"), followLinks: false).isExecutable)
        let counts = told.withLock { $0.map(\.fileCount) }
        #expect(counts.sorted() == [1, 2, 3])
        #expect(told.withLock { $0.map(\.byteCount).max() } == total)
        #expect(told.withLock { $0.allSatisfy { $0.totalFileCount == 3 && $0.activity == "restoring" } })
    }

    @Test(
        "What is in place is not written again, known from the cache or by its content",
        arguments: [true, false])
    func inPlace(hasCache: Bool) throws {
        let files = try files()
        try restore(files)
        let before = try files.map {
            try FileStatus(of: target.appending($0.path.description), followLinks: false)
        }
        let second = hasCache ? restorer : Restorer(test.pool, cache: StatCache(test.path("other.sqlite")))
        #expect(
            try second.restore(files, into: target, progress: nil)
                == report(written: 0, bytes: 0, unchanged: 3))
        let after = try files.map {
            try FileStatus(of: target.appending($0.path.description), followLinks: false)
        }
        #expect(before == after)
    }

    @Test("The cache is believed, so that what is in place is not read")
    func cacheIsUsed() throws {
        let files = try files()
        try restore(files)
        let chunk = try test.pool.with { try FileTree($0).chunkIDs(of: TreeID(files[1].id)) }[0].description
        try FileManager.default.removeItem(
            atPath: test.scratch("store.git/objects/\(chunk.prefix(2))/\(chunk.dropFirst(2))"))
        #expect(try restore(files).unchangedFileCount == 3)
    }

    @Test(
        "A file that was changed is restored", arguments: ["a/b", "a/large", "run.sh"],
        ["content", "length", "bit", "gone"])
    func changed(path: String, change: String) throws {
        let files = try files()
        try restore(files)
        let name = "target/\(path)"
        let bytes = try test.scratch.read(name)
        let wasExecutable = try FileStatus(of: test.path(name), followLinks: false).isExecutable
        switch change {
        case "content":
            try FileHandle(forWritingTo: URL(filePath: test.scratch(name))).write(contentsOf: Data([99]))
        case "length": try test.scratch.write(name, bytes + [0])
        case "gone": try FileManager.default.removeItem(atPath: test.scratch(name))
        default:
            try FileManager.default.setAttributes(
                [.posixPermissions: wasExecutable ? 0o644 : 0o755], ofItemAtPath: test.scratch(name))
        }
        #expect(try restore(files) == report(written: 1, bytes: bytes.count, unchanged: 2))
        #expect(try test.scratch.read(name) == bytes)
        #expect(try FileStatus(of: test.path(name), followLinks: false).isExecutable == wasExecutable)
    }

    @Test("A link in the way is replaced, not followed", arguments: ["outside", "nothing"])
    func linkInTheWay(linkTarget: String) throws {
        try test.scratch.write("outside", [7])
        try test.scratch.write("target/x", [])
        try link(test.scratch("target/file"), to: test.scratch(linkTarget))
        let (_, files) = try test.tree(["file": [1]])
        #expect(try restore(files).writtenFileCount == 1)
        #expect(try test.scratch.read("outside") == [7])
        #expect(try FileStatus(of: target.appending("file"), followLinks: false).kind == .file)
        #expect(try test.scratch.read("target/file") == [1])
        #expect(!test.scratch.exists("nothing"))
    }

    @Test("A link to a file of the same content is replaced too")
    func linkToSameContent() throws {
        try test.scratch.write("outside", [1])
        try test.scratch.write("target/x", [])
        try link(test.scratch("target/file"), to: test.scratch("outside"))
        try restore(test.tree(["file": [1]]).files)
        #expect(try FileStatus(of: target.appending("file"), followLinks: false).kind == .file)
    }

    @Test("A link to a folder on the way is refused, and nothing is written behind it")
    func linkedFolder() throws {
        try test.scratch.write("outside/x", [])
        try test.scratch.write("target/x", [])
        try link(test.scratch("target/sub"), to: test.scratch("outside"))
        let (_, files) = try test.tree(["sub/file": [1]])
        let error = #expect(throws: FileNotRestored.self) { try restore(files) }
        #expect(error?.message == "cannot restore 'sub/file'")
        #expect(error?.code == .conflict)
        #expect(
            (error?.cause as? FileError)?.message.contains("'\(test.scratch("target/sub"))': Not a directory")
                == true)
        #expect(!test.scratch.exists("outside/file"))
    }

    @Test("A folder in the way of a file, and a file in the way of a folder, are named and stay")
    func kindsInTheWay() throws {
        try test.scratch.write("target/file/mine", [9])
        let folder = #expect(throws: FileNotRestored.self) { try restore(test.tree(["file": [1]]).files) }
        #expect(folder?.message == "cannot restore 'file'")
        #expect(folder?.code == .conflict)
        #expect(try test.scratch.read("target/file/mine") == [9])
        try test.scratch.write("target/plain", [8])
        let file = #expect(throws: FileNotRestored.self) {
            try restore(test.tree(["plain/below": [1]]).files)
        }
        #expect(file?.path.description == "plain/below")
        #expect(file?.code == .conflict)
        #expect(try test.scratch.read("target/plain") == [8])
        #expect(try found() == ["file", "file/mine", "plain"], "and no partial folder is left")
    }

    @Test("A damaged chunk names the file; what was there stays, and nothing half written is left")
    func damage() throws {
        let (_, files) = try test.tree(["large": large])
        let stored = try #require(files.first)
        let chunk = try test.pool.with { try FileTree($0).chunkIDs(of: TreeID(stored.id)) }[7].description
        let path = "store.git/objects/\(chunk.prefix(2))/\(chunk.dropFirst(2))"
        try FileManager.default.removeItem(atPath: test.scratch(path))
        try test.scratch.write(path, [])
        try test.scratch.write("target/large", [5])
        let error = #expect(throws: FileNotRestored.self) { try restore(files) }
        #expect(error?.message == "cannot restore 'large'")
        #expect(error?.code == .corrupt)
        #expect((error?.cause as? DamagedObject)?.id.description == chunk)
        #expect(try found() == ["large"])
        #expect(try test.scratch.read("target/large") == [5])
    }

    @Test("The folder of a killed process is removed, however young; one in use is not")
    func partialFolders() throws {
        let names = ["dead", "alive"].map { "target/.amphora-partial-\($0)" }
        for name in names { try test.scratch.write("\(name)/1/0", [1]) }
        let held = try FileDescriptor.open(test.path(names[1]), .readOnly)
        defer { try? held.close() }
        try #require(flockExclusively(held))
        try restore(test.tree(["a": [1]]).files)
        let alive = ".amphora-partial-alive"
        #expect(try found() == ["a", alive, "\(alive)/1", "\(alive)/1/0"])
    }

    @Test("Making and removing partial folders at once, nobody loses one in use and none is left")
    func partialFolderRace() throws {
        try test.scratch.write("target/x", [])
        let lost = Mutex(0)
        try Parallel.forEach(400, workers: 8) { index in
            if index.isMultiple(of: 2) {
                LockedFolder.removeStale(
                    in: target, among: try target.folderEntries(), prefix: PartialFolder.prefix)
            } else {
                let folder = try PartialFolder(in: target)
                do {
                    try folder.withPart { part in
                        let file = try PartialFile("0", in: part, isExecutable: false)
                        _ = try file.move(to: "x", in: part.descriptor, at: "x")
                    }
                } catch {
                    // In a folder that was removed no file can be made.
                    lost.withLock { $0 += 1 }
                }
            }
        }
        #expect(lost.withLock { $0 } == 0)
        #expect(try found() == ["x"])
    }

    // MARK: Large files

    /// Chunks that compress, that do not, that repeat, and a hole.
    private static let huge =
        randomBytes(count: 9 << 20, seed: 70) + [UInt8](repeating: 0, count: 3 << 20)
        + Array(String(repeating: "some,text,that,compresses\n", count: 100_000).utf8)
        + randomBytes(count: (9 << 20) + 5, seed: 71)

    @Test("A large file is the same whatever the number of threads", arguments: [1, 2, 8])
    func largeFile(workers: Int) throws {
        let (_, files) = try test.tree(["a/huge": Self.huge, "b": [1]])
        let restorer = Restorer(
            test.pool, cache: StatCache(test.path("cache.sqlite")), workers: workers)
        let bytes = Mutex(0)
        let report = try restorer.restore(files, into: target) { progress in
            bytes.withLock { $0 = max($0, progress.byteCount) }
        }
        #expect(report == self.report(written: 2, bytes: Self.huge.count + 1, unchanged: 0))
        #expect(bytes.withLock { $0 } == Self.huge.count + 1)
        #expect(try test.scratch.read("target/a/huge") == Self.huge)
        #expect(try found() == ["a", "a/huge", "b"])
        let blocks = try run("stat", ["-c", "%b", test.scratch("target/a/huge")], in: test.scratch.path)
        let used = try #require(Int(blocks.output.dropLast()))
        #expect(used * 512 < Self.huge.count - (2 << 20), "what is zeros takes no room")
    }

    @Test(
        "A damaged chunk, stored or deflated, is named; nothing is left behind", arguments: [0, 1],
        [true, false])
    func packedDamage(level: Int, isLarge: Bool) throws {
        let bytes = isLarge ? Self.huge : Array(Self.huge.prefix(2 << 20))
        let (id, files) = try test.tree(["huge": bytes, "other": [1]])
        try test.git("update-ref", "refs/tree", "\(id)")
        try test.git("-c", "pack.compression=\(level)", "repack", "-adFq")
        try test.git("prune-packed")
        let packs = test.scratch("store.git/objects/pack")
        let name = try #require(
            try FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".pack") })
        let chunk = try test.pool.with { try FileTree($0).chunkIDs(of: TreeID(files[0].id)) }[9].description
        let list = try test.git("verify-pack", "-v", "\(packs)/\(name.dropLast(5)).idx")
        let row = try #require(list.split(separator: "\n").first { $0.hasPrefix(chunk) })
        let offset = try #require(Int(row.split(separator: " ")[4]))
        let path = "store.git/objects/pack/\(name)"
        var pack = try test.scratch.read(path)
        pack[offset + 5000] ^= 4
        try FileManager.default.removeItem(atPath: test.scratch(path))
        try test.scratch.write(path, pack)
        let pool = try RepositoryPool(path: test.scratch("store.git"))
        let error = #expect(throws: FileNotRestored.self) {
            try Restorer(pool, cache: StatCache(test.path("cache.sqlite")), workers: isLarge ? 4 : 1)
                .restore(files, into: target, progress: nil)
        }
        #expect(error?.path.description == "huge")
        #expect((error?.cause as? DamagedObject)?.id.description == chunk)
        #expect(try found().isSubset(of: ["other"]))
    }

    @Test("Chunks that are too few or too many for the marker are refused")
    func wrongLength() throws {
        let stored = try test.store(Self.huge)
        let groups = try test.git("ls-tree", "\(stored.id)").split(separator: "\n").map(String.init)
        let fewer = try test.treeID(groups[0], groups[1])
        let root = try test.treeID("040000 tree \(fewer)\tlarge")
        let files = try test.pool.with { try FileTree($0).files(in: root) }
        let error = #expect(throws: FileNotRestored.self) { try restore(files) }
        #expect(error?.cause is DamagedFile)
        #expect(try found() == [])
    }

    @Test("Files are restored from packs of git's with deltas, and from one deleted meanwhile")
    func packs() throws {
        let lines = (0..<4000).map { "line \($0)\n" }.joined()
        let texts = Dictionary(
            uniqueKeysWithValues: (0..<50).map { ("t/\($0)", Array("\($0) \(lines)".utf8)) })
        let (id, files) = try test.tree(texts.merging(["huge": Self.huge]) { first, _ in first })
        try test.git("update-ref", "refs/tree", "\(id)")
        try test.git("repack", "-adq")
        try test.git("prune-packed")
        try restore(files)
        for (path, bytes) in texts { #expect(try test.scratch.read("target/\(path)") == bytes) }
        #expect(try test.scratch.read("target/huge") == Self.huge)
        // Packs that are open stay readable; what is not open is looked for anew.
        try test.git("repack", "-adfq", "--depth=1")
        #expect(try restorer.restore(files, into: test.path("other"), progress: nil).writtenFileCount == 51)
        #expect(try test.scratch.read("other/huge") == Self.huge)
    }

    @Test("Two restores into one folder at once both end well")
    func atOnce() throws {
        var contents = ["huge": Self.huge]
        for index in 0..<300 {
            contents["f\(index % 7)/\(index)"] = [UInt8](repeating: UInt8(index % 251), count: index)
        }
        let (_, files) = try test.tree(contents)
        let reports = try Parallel.map([0, 1, 2], workers: 3) { _ in
            try restorer.restore(files, into: target, progress: nil)
        }
        #expect(reports.allSatisfy { $0.writtenFileCount + $0.unchangedFileCount == files.count })
        for (path, bytes) in contents { #expect(try test.scratch.read("target/\(path)") == bytes) }
        #expect(try found().count == files.count + 7)
    }

    @Test("Folders that become links meanwhile lead nothing outside")
    func folderBecomesLink() throws {
        var contents: [String: [UInt8]] = [:]
        for index in 0..<600 { contents["sub/f\(index)"] = [1] }
        let (_, files) = try test.tree(contents)
        try test.scratch.write("outside/x", [])
        try test.scratch.write("target/x", [])
        let isDone = Atomic(false)
        try Parallel.forEach(2, workers: 2) { worker in
            if worker == 0 {
                for _ in 0..<5 { _ = try? restore(files) }
                isDone.store(true, ordering: .releasing)
            } else {
                while !isDone.load(ordering: .acquiring) {
                    let moved = "target/moved\(UInt32.random(in: 0...UInt32.max))"
                    try? FileManager.default.moveItem(
                        atPath: test.scratch("target/sub"), toPath: test.scratch(moved))
                    try? link(test.scratch("target/sub"), to: test.scratch("outside"))
                    usleep(300)
                    try? FileManager.default.removeItem(atPath: test.scratch("target/sub"))
                }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.scratch("outside")) == ["x"])
    }
}
