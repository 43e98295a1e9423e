import AmphoraObjects
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Cache of file statuses")
struct StatCacheTests {
    private let scratch: Scratch
    private let stored: StoredFile

    init() throws {
        scratch = try Scratch()
        stored = StoredFile(mode: .executable, id: ObjectID(randomBytes(count: 20, seed: 1)), byteCount: 3)
    }

    private var database: FilePath { FilePath(scratch("cache.sqlite")) }

    private func status(_ name: String) throws -> FileStatus {
        try FileStatus(of: FilePath(scratch(name)), followLinks: false)
    }

    private func record(_ names: String..., in cache: StatCache) throws {
        cache.record(
            try names.map { (Array(scratch($0).utf8), StatCache.Entry(status: try status($0), file: stored)) }
        )
    }

    @Test("What was recorded is known, in another process too")
    func remembering() throws {
        try scratch.write("files/a", "abc")
        try record("files/a", in: StatCache(database))
        let cache = StatCache(database)
        let entry = try #require(cache.entry(of: FilePath(scratch("files/a"))))
        #expect(try entry.file(if: status("files/a")) == stored)
        #expect(cache.entry(of: FilePath(scratch("files/b"))) == nil)
    }

    @Test(
        "A file with another status is not known",
        arguments: ["content", "length", "time", "bit", "replaced"])
    func changes(change: String) throws {
        try scratch.write("files/a", "abc")
        let cache = StatCache(database)
        try record("files/a", in: cache)
        Pause.sleep(nanoseconds: FileStatus.clockTick)
        let path = scratch("files/a")
        switch change {
        case "content": try FileHandle(forWritingTo: URL(filePath: path)).write(contentsOf: Data("x".utf8))
        case "length": try scratch.write("files/a", "abcd")
        case "time":
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 5)], ofItemAtPath: path)
        case "bit": try makeExecutable(path)
        default:
            try scratch.write("files/b", "abc")
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: scratch("files/b"), toPath: path)
        }
        let entry = try #require(cache.entry(of: FilePath(path)))
        #expect(try entry.file(if: status("files/a")) == nil)
    }

    @Test("The files below a folder are found, and not those beside it")
    func below() throws {
        let names = ["files/a", "files/sub/b", "files2/c", "file", "files-d"]
        for name in names { try scratch.write(name, name) }
        let cache = StatCache(database)
        for name in names { try record(name, in: cache) }
        let found = cache.entries(below: FilePath(scratch("files")))
        #expect(Set(found.keys) == Set(["files/a", "files/sub/b"].map { Array(scratch($0).utf8) }))
        #expect(
            try found[Array(scratch("files/a").utf8)]?.file(if: status("files/a"))
                == stored.with(byteCount: 7))
    }

    @Test("A later record replaces an earlier one")
    func replacing() throws {
        try scratch.write("a", "abc")
        let cache = StatCache(database)
        try record("a", in: cache)
        let other = StoredFile(mode: .directory, id: .zero, byteCount: 3)
        cache.record([(Array(scratch("a").utf8), StatCache.Entry(status: try status("a"), file: other))])
        #expect(try cache.entry(of: FilePath(scratch("a")))?.file(if: status("a")) == other)
    }

    @Test("Paths are bytes, not text")
    func pathsAreBytes() throws {
        try scratch.write("a", "abc")
        let cache = StatCache(database)
        let path: [UInt8] = [0x2f, 0xff, 0x2f, 0x61]
        cache.record([(path, StatCache.Entry(status: try status("a"), file: stored))])
        #expect(cache.entry(of: FilePath(bytes: path)) != nil)
        #expect(cache.entries(below: FilePath(bytes: [0x2f, 0xff])).keys.first == path)
    }

    @Test(
        "A damaged database is made anew",
        arguments: ["not a database at all, but long enough to look at", "SQLite format 3\0garbage"])
    func damaged(content: String) throws {
        try scratch.write("cache.sqlite", String(repeating: content, count: 50))
        try scratch.write("a", "abc")
        let cache = StatCache(database)
        try record("a", in: cache)
        #expect(try StatCache(database).entry(of: FilePath(scratch("a")))?.file(if: status("a")) == stored)
    }

    @Test("Where there can be no database, nothing is known and nothing fails")
    func noDatabase() throws {
        try scratch.write("a", "abc")
        let cache = StatCache(FilePath(scratch("missing/folder/cache.sqlite")))
        try record("a", in: cache)
        #expect(cache.entry(of: FilePath(scratch("a"))) == nil)
        #expect(cache.entries(below: FilePath(scratch.path)).isEmpty)
    }

    @Test("A status taken within a tick of the change proves nothing, later it does")
    func racy() throws {
        try scratch.write("a", "abc")
        let status = try status("a")
        #expect(status.isRacy(at: status.changed))
        #expect(status.isRacy(at: status.changed + FileStatus.clockTick - 1))
        #expect(!status.isRacy(at: status.changed + FileStatus.clockTick))
        #expect(status.isRacy(at: status.changed - 5_000_000_000), "a clock that was set back")
    }
}

extension StoredFile {
    fileprivate func with(byteCount: Int) -> StoredFile {
        StoredFile(mode: mode, id: id, byteCount: byteCount)
    }
}
