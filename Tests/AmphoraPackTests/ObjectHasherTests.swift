import AmphoraObjects
import AmphoraPack
import TestSupport
import Testing

@Suite("Object hasher")
struct ObjectHasherTests {
    @Test("A blob has the ID that git gives it", arguments: [0, 1, 63, 64, 65, 1000, 100_000])
    func blobs(count: Int) throws {
        let scratch = try Scratch()
        let bytes = randomBytes(count: count, seed: UInt64(count))
        try scratch.write("file", bytes)
        let id = try ObjectID(hex: git("hash-object", "file", in: scratch.path))
        #expect(ObjectHasher.id(of: .blob, bytes) == id)
    }

    @Test("The kind is part of the ID", arguments: [ObjectKind.blob, .tree, .commit, .tag])
    func kinds(kind: ObjectKind) throws {
        let scratch = try Scratch()
        try scratch.write("file", "x\n")
        let id = try git("hash-object", "--literally", "-t", kind.rawValue, "file", in: scratch.path)
        #expect(try ObjectHasher.id(of: kind, Array("x\n".utf8)) == ObjectID(hex: id))
    }

    @Test("Pieces make no difference", arguments: [1, 7, 64, 999, 5000])
    func pieces(length: Int) {
        let bytes = randomBytes(count: 5000, seed: 1)
        var hasher = ObjectHasher(.blob, byteCount: bytes.count)
        for start in stride(from: 0, to: bytes.count, by: length) {
            bytes[start..<min(start + length, bytes.count)].withUnsafeBytes { hasher.update($0) }
        }
        #expect(hasher.finalize() == ObjectHasher.id(of: .blob, bytes))
    }
}

@Suite("File hasher")
struct FileHasherTests {
    @Test(
        "The test vectors of FIPS 180 come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func vectors(text: String, digest: String) {
        var whole = FileHasher()
        Array(text.utf8).withUnsafeBytes { whole.update($0) }
        #expect(whole.finalize() == digest)
        var pieces = FileHasher()
        for byte in text.utf8 { [byte].withUnsafeBytes { pieces.update($0) } }
        #expect(pieces.finalize() == digest)
    }
}
