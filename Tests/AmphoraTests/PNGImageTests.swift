import AmphoraPack
import CLibdeflate
import Testing

@testable import Amphora

@Suite("PNG images")
struct PNGImageTests {
    @Test("Pixels come back as they were, whatever their colours", arguments: [1, 3, 4])
    func roundTrip(bytesPerPixel: Int) throws {
        let (width, height) = (29, 17)
        var random = SystemRandomNumberGenerator()
        let noise = (0..<width * height * bytesPerPixel).map { _ in UInt8.random(in: 0...255, using: &random)
        }
        let ramp = noise.indices.map { UInt8(truncatingIfNeeded: $0 / bytesPerPixel * 3) }
        for pixels in [noise, ramp, noise.map { _ in 7 }] {
            let image =
                switch bytesPerPixel {
                case 1: try PNGImage(grayscale: pixels, width: width, height: height)
                case 3: try PNGImage(rgb: pixels, width: width, height: height)
                default: try PNGImage(rgba: pixels, width: width, height: height)
                }
            let decoded = try DecodedPNG(image.encoded)
            #expect(decoded.pixels == pixels)
            #expect((decoded.width, decoded.height, decoded.bytesPerPixel) == (width, height, bytesPerPixel))
            #expect(try PNGImage(png: image.encoded) == image)
        }
    }

    @Test("Smooth pictures are filtered, and smaller for it")
    func filters() throws {
        let slope = (0..<64 * 64).map { UInt8(truncatingIfNeeded: $0 % 64 * 2 + $0 / 64) }
        let image = try PNGImage(grayscale: slope, width: 64, height: 64)
        #expect(Set(try DecodedPNG(image.encoded).filters).isSubset(of: [0, 1, 2]))
        #expect(try DecodedPNG(image.encoded).filters.contains(1))
        #expect(image.encoded.count < 64 * 64 / 10)
    }

    @Test("Intensities are rounded to shades and kept within black and white")
    func intensities() throws {
        let values: [Float] = [0, 0.5, 1, -3, 2, .nan, .infinity, -.infinity]
        let image = try PNGImage(intensities: values, width: 4, height: 2)
        #expect(try DecodedPNG(image.encoded).pixels == [0, 128, 255, 0, 255, 0, 255, 0])
        #expect(try PNGImage(intensities: [Array(values[..<4]), Array(values[4...])]) == image)
    }

    @Test("A wrong number of values is an error that says both numbers")
    func wrongCount() throws {
        let error = #expect(throws: PNGError.self) { try PNGImage(rgb: [1, 2], width: 3, height: 1) }
        #expect(error?.message == "image of 3 × 1 pixels needs 9 values (3 a pixel), got 2")
        let uneven = #expect(throws: PNGError.self) { try PNGImage(intensities: [[0, 1], [0]]) }
        #expect(uneven?.message == "row 1 of the image has 1 pixels, row 0 has 2")
    }

    @Test(
        "Empty and huge images are errors", arguments: [(0, 5), (5, 0), (-1, -5), (16385, 1), (.max, .max)])
    func wrongSize(width: Int, height: Int) throws {
        let error = #expect(throws: PNGError.self) {
            try PNGImage(grayscale: [], width: width, height: height)
        }
        #expect(error?.message.contains("each side must be 1 to 16384") == true)
        #expect(throws: PNGError.self) { try PNGImage(intensities: []) }
    }

    @Test("The longest sides are allowed")
    func longestSide() throws {
        let line = [UInt8](repeating: 9, count: 16384)
        #expect(try DecodedPNG(PNGImage(grayscale: line, width: 16384, height: 1).encoded).pixels == line)
        #expect(try DecodedPNG(PNGImage(grayscale: line, width: 1, height: 16384).encoded).pixels == line)
    }

    @Test("A file that is shortened or has a flipped bit is no PNG")
    func damaged() throws {
        let file = try PNGImage(grayscale: [1, 2, 3, 4, 5, 6], width: 3, height: 2).encoded
        for length in file.indices {
            #expect(throws: PNGError.self) { try PNGImage(png: Array(file.prefix(length))) }
        }
        for index in file.indices {
            var damaged = file
            damaged[index] ^= 0x10
            #expect(throws: PNGError.self) { try PNGImage(png: damaged) }
        }
        let text = #expect(throws: PNGError.self) { try PNGImage(png: Array("GIF89a".utf8)) }
        #expect(text?.message == "not a valid PNG file: no PNG signature")
    }

    @Test("A file made elsewhere is kept byte for byte")
    func foreignFile() throws {
        // One red pixel, as ImageMagick writes it, with a chunk that we never write.
        let tEXt: [UInt8] = [0, 0, 0, 3] + Array("tEXta\u{0}b".utf8)
        let sum = Deflater.crc32(Array("tEXta\u{0}b".utf8))
        let checksum = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
        var file = try PNGImage(rgb: [255, 0, 0], width: 1, height: 1).encoded
        file.insert(contentsOf: tEXt + checksum, at: 33)
        #expect(try PNGImage(png: file).encoded == file)
        #expect(try PNGImage(png: file + [1, 2, 3]).width == 1)
    }
}

/// A decoder of its own, for files of one byte a sample: checks what the writer claims.
private struct DecodedPNG {
    let width: Int
    let height: Int
    let bytesPerPixel: Int
    private(set) var filters: [UInt8] = []
    private(set) var pixels: [UInt8] = []

    init(_ file: [UInt8]) throws {
        try #require(file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        var chunks: [(type: String, data: [UInt8])] = []
        var offset = 8
        while offset < file.count {
            let end = offset + 8 + Self.number(file, offset)
            let checksum = libdeflate_crc32(0, Array(file[offset + 4..<end]), end - offset - 4)
            try #require(Self.number(file, end) == Int(checksum))
            chunks.append(
                (
                    String(decoding: file[offset + 4..<offset + 8], as: UTF8.self),
                    Array(file[offset + 8..<end])
                ))
            offset = end + 4
        }
        try #require(chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
        try #require(chunks[0].data.count == 13 && chunks[2].data.isEmpty)
        width = Self.number(chunks[0].data, 0)
        height = Self.number(chunks[0].data, 4)
        try #require(chunks[0].data[8] == 8)
        bytesPerPixel = try #require([0: 1, 2: 3, 6: 4][chunks[0].data[9]])
        try #require(chunks[0].data[10...] == [0, 0, 0])
        try undoFilters(of: Self.inflate(chunks[1].data, count: (width * bytesPerPixel + 1) * height))
    }

    private mutating func undoFilters(of bytes: [UInt8]) throws {
        let rowLength = width * bytesPerPixel
        var above = [UInt8](repeating: 0, count: rowLength)
        for start in stride(from: 0, to: bytes.count, by: rowLength + 1) {
            var row = Array(bytes[start + 1...start + rowLength])
            for index in row.indices {
                switch bytes[start] {
                case 0: break
                case 1: row[index] &+= index < bytesPerPixel ? 0 : row[index - bytesPerPixel]
                case 2: row[index] &+= above[index]
                default: Issue.record("filter \(bytes[start])")
                }
            }
            filters.append(bytes[start])
            pixels += row
            above = row
        }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func inflate(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
        let decompressor = try #require(libdeflate_alloc_decompressor())
        defer { libdeflate_free_decompressor(decompressor) }
        var result = [UInt8](repeating: 0, count: count)
        // Without a place for the actual size, any other than `count` is an error.
        let status = libdeflate_zlib_decompress(decompressor, bytes, bytes.count, &result, count, nil)
        try #require(status == LIBDEFLATE_SUCCESS)
        return result
    }
}
