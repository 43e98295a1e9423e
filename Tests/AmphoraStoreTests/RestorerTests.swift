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

    @Test("The folder of a killed process is removed once it is old; one in use, and a fresh one, are not")
    func partialFolders() throws {
        let names = ["dead", "alive"].map { "target/.amphora-partial-\($0)" }
        for name in names { try test.scratch.write("\(name)/0", [1]) }
        let held = try FileDescriptor.open(test.path(names[1]), .readOnly)
        defer { try? held.close() }
        try #require(flockExclusively(held))
        let (_, files) = try test.tree(["a": [1], "b": [2]])
        try restore([files[0]])
        #expect(
            names.allSatisfy { test.scratch.exists($0) }, "they may belong to a process that has just begun")
        // A folder's change time cannot be set back, so the test has to wait for its age.
        Pause.sleep(nanoseconds: 10_200_000_000)
        try restore(files)
        #expect(!test.scratch.exists(names[0]))
        #expect(test.scratch.exists("\(names[1])/0"))
        #expect(try found() == ["a", "b", ".amphora-partial-alive", ".amphora-partial-alive/0"])
    }
}
