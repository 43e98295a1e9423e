import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport
import Testing

@Suite("What a power failure or a bad disk leaves", .timeLimit(.minutes(2)))
struct DamagedStorageTests {
    private let test: TestRepository

    init() throws { test = try TestRepository() }

    /// Writes a loose object and hands out the bytes of its file.
    private func looseObject(_ content: [UInt8]) throws -> (id: ObjectID, path: String, file: [UInt8]) {
        let id = try test.open().write(content, as: .blob)
        let path = test.loosePath(id)
        let file = try test.scratch.read(path)
        try FileManager.default.removeItem(atPath: test.scratch(path))
        return (id, path, file)
    }

    @Test("A loose object that breaks off anywhere is damage, and reading it ends")
    func truncatedLooseObject() throws {
        let (id, path, file) = try looseObject(randomBytes(count: 300, seed: 8))
        for count in file.indices {
            try test.scratch.write(path, file.prefix(count))
            let error = #expect(throws: DamagedObject.self) { try test.open().read(id, as: .blob) }
            #expect(error?.id == id, "\(count) of \(file.count) bytes left")
        }
    }

    @Test("No flipped bit of a loose object gives wrong content")
    func flippedLooseObject() throws {
        let content = Array(String(repeating: "compressible ", count: 20).utf8)
        let (id, path, file) = try looseObject(content)
        for index in file.indices {
            var flipped = file
            flipped[index] ^= 1 << (index % 8)
            try test.scratch.write(path, flipped)
            // A flip in the padding at the end of a block changes nothing.
            let read = try? test.open().read(id, as: .blob)
            #expect(read == nil || read == content, "byte \(index)")
        }
    }

    @Test("A pack that breaks off is named, not taken for one that is not there", arguments: [0, 100, 5000])
    func truncatedPack(byteCount: Int) throws {
        let content = randomBytes(count: 9000, seed: 9)
        let id = try test.open().write(content, as: .blob)
        let name = try test.git("pack-objects", "-q", "objects/pack/pack", input: "\(id)\n")
        try FileManager.default.removeItem(atPath: test.scratch(test.loosePath(id)))
        #expect(try test.open().read(id, as: .blob) == content)
        let path = "objects/pack/pack-\(name).pack"
        let whole = try test.scratch.read(path)
        try FileManager.default.removeItem(atPath: test.scratch(path))
        try test.scratch.write(path, whole.prefix(byteCount))
        let error = #expect(throws: DamagedObject.self) { try test.open().read(id, as: .blob) }
        #expect((error?.cause as? any UserFacingError)?.message.contains("pack-\(name).pack") == true)
    }

    @Test("A damaged entry in a pack is damage, unless the object is here once more")
    func damagedEntry() throws {
        let content = randomBytes(count: 9000, seed: 10)
        let id = try test.open().write(content, as: .blob)
        let loose = try test.scratch.read(test.loosePath(id))
        let name = try test.git("pack-objects", "-q", "objects/pack/pack", input: "\(id)\n")
        try FileManager.default.removeItem(atPath: test.scratch(test.loosePath(id)))
        let path = "objects/pack/pack-\(name).pack"
        var pack = try test.scratch.read(path)
        pack[5000] ^= 1
        try FileManager.default.removeItem(atPath: test.scratch(path))
        try test.scratch.write(path, pack)
        #expect(throws: DamagedObject.self) { try test.open().read(id, as: .blob) }
        try test.scratch.write(test.loosePath(id), loose)
        #expect(try test.open().read(id, as: .blob) == content)
    }

    @Test("An index that is garbage or breaks off does no harm", arguments: [0, 7, 1031, 1071, 1099])
    func damagedIndex(byteCount: Int) throws {
        let content = randomBytes(count: 900, seed: 11)
        let id = try test.open().write(content, as: .blob)
        let name = try test.git("pack-objects", "-q", "objects/pack/pack", input: "\(id)\n")
        let path = "objects/pack/pack-\(name).idx"
        let index = try test.scratch.read(path)
        try FileManager.default.removeItem(atPath: test.scratch(path))
        try test.scratch.write(path, index.prefix(byteCount))
        #expect(try test.open().read(id, as: .blob) == content, "it is loose too")
        var generator = SplitMix64(seed: 12)
        for _ in 0..<200 {
            var garbage = index
            for _ in 0..<4 {
                garbage[Int.random(in: 8..<(index.count - 40), using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            try test.scratch.write(path, garbage)
            let read = try? test.open().read(id, as: .blob)
            #expect(read == content, "it is loose too")
        }
    }

    @Test("A pack that is deleted while it is open is read on; one in its place is found")
    func deletedPack() throws {
        let contents = (0..<3).map { randomBytes(count: 9000, seed: UInt64(20 + $0)) }
        let repository = try test.open()
        let ids = try contents.map { try repository.write($0, as: .blob) }
        let list = ids.map { "\($0)\n" }.joined()
        let name = try test.git("pack-objects", "-q", "objects/pack/pack", input: list)
        try test.git("prune-packed")
        #expect(try repository.read(ids[0], as: .blob) == contents[0])
        for end in ["pack", "idx"] {
            try FileManager.default.moveItem(
                atPath: test.scratch("objects/pack/pack-\(name).\(end)"), toPath: test.scratch("saved.\(end)")
            )
        }
        #expect(try repository.read(ids[1], as: .blob) == contents[1])
        #expect(try repository.byteCount(of: ids[2]) == 9000)
        #expect(throws: MissingObject.self) { try test.open().read(ids[2], as: .blob) }
        for end in ["pack", "idx"] {
            try FileManager.default.moveItem(
                atPath: test.scratch("saved.\(end)"), toPath: test.scratch("objects/pack/pack-1234.\(end)"))
        }
        #expect(try test.open().read(ids[2], as: .blob) == contents[2])
    }

    @Test("A large object that compresses well is read whole")
    func compressible() throws {
        let content = [UInt8](repeating: 7, count: 3_000_000)
        let id = try test.open().write(content, as: .blob)
        #expect(try test.open().read(id, as: .blob) == content)
    }
}
