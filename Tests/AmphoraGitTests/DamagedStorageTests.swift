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

    @Test("A large object that compresses well is read whole")
    func compressible() throws {
        let content = [UInt8](repeating: 7, count: 3_000_000)
        let id = try test.open().write(content, as: .blob)
        #expect(try test.open().read(id, as: .blob) == content)
    }
}
