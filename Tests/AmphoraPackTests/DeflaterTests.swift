import AmphoraPack
import CLibdeflate
import TestSupport
import Testing

@Suite("Deflater")
struct DeflaterTests {
    private func inflate(_ stream: [UInt8], byteCount: Int) -> [UInt8]? {
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        // A null count asks for exactly this many bytes.
        let result = libdeflate_zlib_decompress(decompressor, stream, stream.count, &bytes, byteCount, nil)
        return result == LIBDEFLATE_SUCCESS ? bytes : nil
    }

    @Test("A stream inflates to what was deflated", arguments: [1, 6, 12], [0, 1, 1000, 300_000])
    func roundTrip(level: Int, count: Int) {
        let deflater = Deflater(level: level)
        let random = randomBytes(count: count, seed: 1)
        for bytes in [random, random.map { $0 & 3 }, [UInt8](repeating: 0, count: count)] {
            let stream = deflater.zlib(bytes)
            #expect(inflate(stream, byteCount: count) == bytes)
            #expect(stream.first == 0x78, "a zlib header, with a window of 32 KiB")
        }
    }

    @Test("Bytes that repeat become fewer, random ones hardly more")
    func sizes() {
        let deflater = Deflater(level: 1)
        #expect(deflater.zlib([UInt8](repeating: 7, count: 100_000)).count < 1000)
        #expect(deflater.zlib(randomBytes(count: 100_000, seed: 2)).count < 100_200)
    }

    @Test(
        "CRC-32 has the known values",
        arguments: [
            ("", 0), ("a", 0xe8b7_be43), ("123456789", 0xcbf4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414f_a339),
        ] as [(String, UInt32)])
    func crc32(text: String, value: UInt32) {
        #expect(Deflater.crc32(Array(text.utf8)) == value)
    }
}
