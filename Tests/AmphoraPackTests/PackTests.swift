import AmphoraObjects
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraPack

@Suite("Packs")
struct PackTests {
    private let scratch: Scratch
    private var folder: FilePath { FilePath(scratch("objects/pack")) }
    private var temporary: FilePath { FilePath(scratch("objects/temporary")) }

    init() throws {
        scratch = try Scratch()
        try git("init", "--quiet", "--bare", in: scratch.path)
    }

    /// Blobs that compress, blobs that do not, an empty one, and lengths around the header's limits.
    private static let contents: [[UInt8]] =
        [0, 1, 15, 16, 17, 2047, 2048, 70_000, 300_000].map { randomBytes(count: $0, seed: UInt64($0)) }
        + (0..<300).map { Array("text \($0) ".utf8) + [UInt8](repeating: 65, count: $0 * 7) }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted()
    }

    private func append(_ content: [UInt8], to writer: PackWriter) throws {
        let entry = content.withUnsafeBytes { bytes in
            PackEntry(ObjectHasher.id(of: .blob, content), .blob, bytes, with: AdaptiveDeflater())
        }
        try writer.append(entry)
    }

    private func writePack() throws -> [(id: ObjectID, content: [UInt8])] {
        let writer = try PackWriter(in: folder, by: temporary)
        let objects = Self.contents.map { (id: ObjectHasher.id(of: .blob, $0), content: $0) }
        for (_, content) in objects {
            try append(content, to: writer)
        }
        try writer.finish()
        return objects
    }

    @Test("git accepts the pack, makes the same index of it, and reads each object")
    func gitReads() throws {
        let objects = try writePack()
        let index = try #require(try names().first { $0.hasSuffix(".idx") })
        let pack = "\(index.dropLast(4)).pack"
        try git("verify-pack", "objects/pack/\(index)", in: scratch.path)
        try git("index-pack", "--strict", "-o", "git.idx", "objects/pack/\(pack)", in: scratch.path)
        #expect(try scratch.read("git.idx") == scratch.read("objects/pack/\(index)"))
        let list = try run(
            "git", ["cat-file", "--batch-check"], in: scratch.path,
            input: objects.map { "\($0.id)\n" }.joined())
        #expect(list.output == objects.map { "\($0.id) blob \($0.content.count)\n" }.joined())
        try git("fsck", "--strict", in: scratch.path)
    }

    @Test("What the objects of a promised pack name may be missing, says git")
    func promisor() throws {
        let tree = Tree([TreeEntry(name: [65], mode: .file, id: ObjectHasher.id(of: .blob, [1]))]).encoded()
        func write(isPromisor: Bool) throws {
            let writer = try PackWriter(in: folder, by: temporary)
            let id = ObjectHasher.id(of: .tree, tree)
            try writer.append(tree.withUnsafeBytes { PackEntry(id, .tree, $0, with: AdaptiveDeflater()) })
            try writer.finish(isPromisor: isPromisor)
        }
        // Git is not to try and fetch it.
        let offline = ["GIT_ALLOW_PROTOCOL": "none"]
        let fsck = { try run("git", ["fsck", "--strict"], in: scratch.path, environment: offline).status }
        try write(isPromisor: false)
        try git("update-ref", "refs/tags/tree", "\(ObjectHasher.id(of: .tree, tree))", in: scratch.path)
        #expect(try fsck() != 0)
        try git("config", "remote.origin.promisor", "true", in: scratch.path)
        try write(isPromisor: true)
        #expect(try fsck() == 0)
        #expect(try names().filter { $0.hasSuffix(".promisor") }.count == 1)
    }

    @Test("Each object is read back, and others are not there")
    func readsBack() throws {
        let objects = try writePack()
        let index = try #require(try names().first { $0.hasSuffix(".idx") })
        let reader = try PackReader(index: folder.appending(index))
        let inflater = Inflater()
        for (id, content) in objects {
            let object = try #require(try reader.object(id, with: inflater))
            #expect(object.kind == .blob)
            #expect(object.content == content)
        }
        #expect(try reader.object(ObjectHasher.id(of: .blob, [1, 2, 3]), with: inflater) == nil)
    }

    @Test("Entries are read in any order into buffers, stored ones and deflated ones")
    func anyOrder() throws {
        let objects = try writePack()
        let index = try #require(try names().first { $0.hasSuffix(".idx") })
        let pack = try PackReader(index: folder.appending(index))
        let entries = EntryReader()
        var generator = SplitMix64(seed: 5)
        for (id, content) in objects + objects.reversed() + objects.shuffled(using: &generator) {
            let offset = try #require(pack.offset(of: id))
            #expect(try entries.entry(at: offset, in: pack)?.contentCount == content.count)
            var read = [UInt8](repeating: 1, count: content.count)
            let kind = try read.withUnsafeMutableBytes {
                try entries.read(id, at: offset, in: pack, into: $0)
            }
            #expect(kind == .blob)
            #expect(read == content)
            var longer = read + [0]
            #expect(throws: MalformedObject.self) {
                try longer.withUnsafeMutableBytes { try entries.read(id, at: offset, in: pack, into: $0) }
            }
        }
    }

    @Test("A pack that git wrote is read; what is a delta in it is left to others")
    func readsGit() throws {
        let text = (0..<3000).map { "line \($0)\n" }.joined()
        let ids = try (0..<3).map { index in
            let result = try run(
                "git", ["hash-object", "-w", "--stdin"], in: scratch.path, input: text + "\(index)")
            return try ObjectID(hex: result.output)
        }
        _ = try run(
            "git", ["pack-objects", "-q", "objects/pack/pack"], in: scratch.path,
            input: ids.map { "\($0)\n" }.joined())
        let index = try #require(try names().first { $0.hasSuffix(".idx") })
        let reader = try PackReader(index: folder.appending(index))
        let objects = try ids.compactMap { try reader.object($0, with: Inflater()) }
        #expect(objects.count == 1, "one is whole, the others are deltas on it")
        #expect(objects.first.map { String(decoding: $0.content, as: UTF8.self).hasPrefix(text) } == true)
    }

    @Test("No flipped byte of a pack gives wrong content, and one that breaks off is no pack")
    func damage() throws {
        let objects = try writePack()
        let index = try #require(try names().first { $0.hasSuffix(".idx") })
        let path = "objects/pack/\(index.dropLast(4)).pack"
        let whole = try scratch.read(path)
        for offset in stride(from: 12, to: whole.count - 20, by: 7919) {
            var flipped = whole
            flipped[offset] ^= 0x10
            try scratch.write(path, flipped)
            let reader = try PackReader(index: folder.appending(index))
            for (id, content) in objects {
                let object = try? reader.object(id, with: Inflater())
                #expect(object == nil || object?.content == content)
            }
        }
        try scratch.write(path, whole.dropLast(1000))
        #expect(throws: MalformedObject.self) { try PackReader(index: folder.appending(index)) }
    }

    @Test("A loose object whose header gives a negative length is malformed")
    func negativeLength() {
        let file = Array("blob -1".utf8).withUnsafeBytes { AdaptiveDeflater().zlib($0) }
        #expect(throws: MalformedObject.self) {
            try file.withUnsafeBytes { _ = try LooseObject($0, id: .zero, with: Inflater()) }
        }
    }

    @Test("Offsets beyond 2 GiB and 4 GiB are kept")
    func largeOffsets() throws {
        let offsets = [12, (1 << 31) - 1, 1 << 31, (1 << 32) + 5, 1 << 40]
        let entries = offsets.map { offset in
            PackIndex.Entry(id: ObjectHasher.id(of: .blob, Array("\(offset)".utf8)), crc32: 7, offset: offset)
        }
        let path = try scratch.write(
            "large.idx", PackIndex.encoded(entries, packChecksum: [UInt8](repeating: 3, count: 20)))
        let index = try #require(PackIndex(path: path))
        #expect(index.count == offsets.count)
        #expect(entries.map { index.offset(of: $0.id) } == offsets)
        // git reads the table too: `show-index` lists offset, ID and checksum.
        let data = try Data(contentsOf: URL(filePath: path))
        try data.write(to: URL(filePath: scratch("in.idx")))
        let listed = try run("sh", ["-c", "git show-index <in.idx"], in: scratch.path).output
        #expect(
            Set(listed.split(separator: "\n").compactMap { $0.split(separator: " ").first }.map(String.init))
                == Set(offsets.map(String.init)))
    }

    @Test("A writer that is dropped leaves nothing; one that failed stays broken")
    func dropped() throws {
        do {
            let writer = try PackWriter(in: folder, by: temporary)
            try append([], to: writer)
            try writer.finish()
            #expect(throws: Errno.self) { try writer.finish() }
            _ = try PackWriter(in: folder, by: temporary)
        }
        #expect(try names().count == 2)
        #expect(try names().allSatisfy { $0.hasPrefix("pack-") })
    }
}
