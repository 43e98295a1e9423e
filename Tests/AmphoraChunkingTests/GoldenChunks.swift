import Foundation
import TestSupport
import Testing

@testable import AmphoraChunking

/// `Fixtures/Golden/chunks.json`.
struct GoldenChunks: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
        let name: String
        let seed: UInt64
        let mask: UInt8
        let byteCount: Int
        let lengths: [Int]

        var testDescription: String { name }

        var bytes: [UInt8] { randomBytes(count: byteCount, seed: seed).map { $0 & mask } }
    }

    let gear: [String]
    let cases: [Case]

    static let all: GoldenChunks = {
        do {
            let data = try Data(contentsOf: URL(filePath: "\(fixturesFolder)/Golden/chunks.json"))
            return try JSONDecoder().decode(GoldenChunks.self, from: data)
        } catch {
            preconditionFailure("Fixtures/Golden/chunks.json cannot be read: \(error)")
        }
    }()
}

/// The lengths of the chunks of a whole file.
func chunkLengths(_ bytes: [UInt8]) -> [Int] {
    let chunker = Chunker()
    return bytes.withUnsafeBytes { bytes in
        var lengths: [Int] = []
        var start = 0
        while start < bytes.count {
            lengths.append(chunker.firstCut(in: UnsafeRawBufferPointer(rebasing: bytes[start...])))
            start += lengths.last ?? 0
        }
        return lengths
    }
}

/// The chunks of a whole file.
func chunks(_ bytes: [UInt8]) -> [[UInt8]] {
    var start = 0
    return chunkLengths(bytes).map { length in
        defer { start += length }
        return Array(bytes[start..<(start + length)])
    }
}
