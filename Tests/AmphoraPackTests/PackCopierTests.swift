import AmphoraObjects
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraPack

@Suite("Copying entries from pack to pack")
struct PackCopierTests {
    private let scratch: Scratch
    private var folder: FilePath { FilePath(scratch("objects/pack")) }

    init() throws {
        scratch = try Scratch()
        try git("init", "--quiet", "--bare", in: scratch.path)
    }

    /// A pack that git wrote of versions of a text and of random bytes: most of the texts are deltas.
    private func gitPack(_ options: String...) throws -> (pack: PackReader, contents: [ObjectID: [UInt8]]) {
        var lines = (0..<2000).map { "line \($0) of a text" }
        var contents: [ObjectID: [UInt8]] = [:]
        for round in 0..<8 {
            lines[round * 100] = "changed in round \(round)"
            for bytes in [
                Array(lines.joined(separator: "\n").utf8), randomBytes(count: 5000, seed: UInt64(round)),
            ] {
                try scratch.write("file", bytes)
                let id = try ObjectID(hex: git("hash-object", "-w", "file", in: scratch.path))
                contents[id] = bytes
            }
        }
        let result = try run(
            "git", ["pack-objects", "-q", "--depth=20"] + options + ["\(folder)/pack"], in: scratch.path,
            input: contents.keys.map { "\($0)\n" }.joined())
        try #require(result.status == 0, "\(result.error)")
        try git("prune-packed", in: scratch.path)
        let name = result.output.trimmingCharacters(in: .newlines)
        return (try PackReader(index: folder.appending("pack-\(name).idx")), contents)
    }

    private func copy(_ numbers: [Int], of pack: PackReader) throws -> PackReader {
        let copier = PackCopier(try PackWriter(in: folder, by: folder.appending("tmp_pack_copy")))
        let entries = try pack.entries()
        for number in numbers { try copier.copy(number, of: entries, from: pack) }
        return try PackReader(index: try copier.finish())
    }

    private func remove(_ pack: PackReader) throws {
        for suffix in ["idx", "pack"] {
            try FileManager.default.removeItem(atPath: "\(pack.path.string.dropLast(3))\(suffix)")
        }
    }

    @Test(
        "A copied pack has the same objects, its deltas stay deltas, and git reads them",
        arguments: ["--delta-base-offset", "--no-reuse-delta"])
    func deltas(option: String) throws {
        let (pack, contents) = try gitPack(option)
        // Backwards, so that most deltas come before what they are deltas on.
        let copied = try copy((0..<pack.index.count).reversed(), of: pack)
        #expect(copied.index.count == contents.count)
        // How far a delta is from what it is on takes one byte to three, and the order is another.
        #expect(copied.byteCount <= pack.byteCount + 2 * contents.count, "it does not grow")
        try remove(pack)
        let listing = try git("verify-pack", "-v", copied.path.string, in: scratch.path)
        #expect(listing.contains("chain length"), "there are deltas")
        let stem = copied.path.string.dropLast(4)
        try git("index-pack", "--strict", "-o", "git.idx", "\(stem).pack", in: scratch.path)
        #expect(
            try scratch.read("git.idx") == Data(contentsOf: URL(filePath: copied.path.string)).map(\.self))
        for (id, bytes) in contents {
            let result = try run("sh", ["-c", "git cat-file blob \(id) >out"], in: scratch.path)
            #expect(try result.status == 0 && scratch.read("out") == bytes)
        }
    }

    @Test("Of some entries the copy has these, and what they are deltas on")
    func some() throws {
        let (pack, contents) = try gitPack()
        let entries = try pack.entries()
        for number in entries.indices {
            let copied = try copy([number, number], of: pack)
            #expect(copied.index.offset(of: entries[number].id) != nil)
            #expect(copied.index.count < contents.count)
            try git("verify-pack", copied.path.string, in: scratch.path)
            try remove(copied)
        }
    }

    @Test("A damaged entry, or one below a delta, is an error; the others can be copied all the same")
    func damage() throws {
        let (pack, _) = try gitPack()
        let entries = try pack.entries()
        let path = "\(pack.path.string.dropLast(4)).pack"
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        bytes[entries[0].offset + entries[0].byteCount / 2] ^= 1
        try FileManager.default.removeItem(atPath: path)
        try Data(bytes).write(to: URL(filePath: path))
        let damaged = try PackReader(index: pack.path)
        let copier = PackCopier(try PackWriter(in: folder, by: folder.appending("tmp_pack_copy")))
        #expect(throws: MalformedObject.self) { try copier.copy(0, of: entries, from: damaged) }
        let sound = entries.indices.filter { (try? copier.copy($0, of: entries, from: damaged)) != nil }
        #expect(sound.count >= 8 && sound.count < entries.count)
        let copied = try PackReader(index: try copier.finish())
        #expect(copied.index.count == sound.count)
        try git("verify-pack", copied.path.string, in: scratch.path)
    }

    private func problems(of file: PackReader) throws -> (objects: Int, pack: String?) {
        let check = try PackCheck(file)
        var count = 0
        for batch in 0..<check.batchCount {
            _ = check.check(batch, with: Inflater()) { _, finding in
                if case .damaged = finding { count += 1 }
            }
        }
        return (count, check.problem())
    }

    @Test("A whole pack is sound, and any flipped bit of it or its index is found")
    func check() throws {
        let (pack, _) = try gitPack()
        let sound = try problems(of: pack)
        #expect(sound.objects == 0 && sound.pack == nil)
        for suffix in ["pack", "idx"] {
            let path = "\(pack.path.string.dropLast(3))\(suffix)"
            let whole = try Data(contentsOf: URL(filePath: path))
            try FileManager.default.removeItem(atPath: path)
            for offset in [3, 9] + Array(stride(from: 12, to: whole.count, by: 97)) + [whole.count - 1] {
                var bytes = whole
                bytes[offset] ^= 4
                try bytes.write(to: URL(filePath: path))
                let found = try? problems(of: PackReader(index: pack.path))
                #expect(found?.objects != 0 || found?.pack != nil, "\(suffix) at \(offset)")
            }
            try whole.write(to: URL(filePath: path))
        }
    }
}
