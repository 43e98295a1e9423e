import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@testable import AmphoraStore

@Suite("Objects in packs")
struct PackingObjectWriterTests {
    private let scratch: Scratch
    private let pool: RepositoryPool

    init() throws {
        scratch = try Scratch()
        try git("init", "--quiet", "--bare", in: scratch.path)
        pool = try RepositoryPool(path: scratch.path)
    }

    private func counts() throws -> (loose: Int, packs: Int) {
        let text = try git("count-objects", "-v", in: scratch.path)
        let fields = text.split(separator: "\n").map { $0.split(separator: " ") }
        func value(_ name: String) -> Int {
            fields.first { $0[0] == "\(name):" }.flatMap { Int($0[1]) } ?? -1
        }
        return (value("count"), value("packs"))
    }

    @Test("Few objects are loose, many are one pack", arguments: [(32, 32, 0), (33, 0, 1), (500, 0, 1)])
    func threshold(count: Int, loose: Int, packs: Int) throws {
        let writer = PackingObjectWriter(pool)
        let contents = (0..<count).map { Array("object \($0)".utf8) }
        let ids = try contents.map { try writer.write(blob: $0) }
        #expect(try counts() == (0, 0), "nothing is seen before it is durable")
        try writer.finish()
        #expect(try counts() == (loose, packs))
        for (id, content) in zip(ids, contents) {
            #expect(try pool.with { try $0.read(id.objectID, as: .blob) } == content)
        }
        #expect(try git("fsck", "--strict", "--no-dangling", in: scratch.path) == "")
    }

    @Test("What is in a pack is not written again, by this writer or the next, from many threads")
    func once() throws {
        for _ in 0..<2 {
            let writer = PackingObjectWriter(pool)
            try Parallel.forEach(1200, workers: 4) { index in
                _ = try writer.write(blob: randomBytes(count: 20_000, seed: UInt64(index % 300)))
            }
            try writer.finish()
        }
        #expect(try counts() == (0, 1))
        #expect(try git("count-objects", "-v", in: scratch.path).contains("in-pack: 300\n"))
    }

    @Test("What is in a pack that git removes meanwhile is written again")
    func removedPack() throws {
        let first = PackingObjectWriter(pool)
        let contents = (0..<40).map { Array("object \($0)".utf8) }
        for content in contents { _ = try first.write(blob: content) }
        try first.finish()
        let second = PackingObjectWriter(pool)
        let folder = scratch("objects/pack")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        for content in contents { _ = try second.write(blob: content) }
        try second.finish()
        #expect(try git("count-objects", "-v", in: scratch.path).contains("in-pack: 40\n"))
    }

    @Test("The objects are the same whatever the number of threads", arguments: [1, 2, 8])
    func threads(workers: Int) throws {
        let writer = PackingObjectWriter(pool)
        try Parallel.forEach(200, workers: workers) { index in
            let content = randomBytes(count: 3000, seed: UInt64(index))
            let id = try writer.write(blob: content)
            #expect(id.objectID == ObjectHasher.id(of: .blob, content))
        }
        try writer.finish()
        #expect(try git("count-objects", "-v", in: scratch.path).contains("in-pack: 200\n"))
    }

    @Test("A writer that is dropped leaves no file")
    func dropped() throws {
        do {
            let writer = PackingObjectWriter(pool)
            for index in 0..<100 { _ = try writer.write(blob: Array("\(index)".utf8)) }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch("objects/pack"))
        #expect(names.isEmpty)
        #expect(try counts() == (0, 0))
    }
}
