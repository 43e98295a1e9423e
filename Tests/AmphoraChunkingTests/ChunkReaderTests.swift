import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AmphoraChunking

@Suite("Chunk reader")
struct ChunkReaderTests {
    private func read(_ descriptor: FileDescriptor) throws -> [[UInt8]] {
        var reader = ChunkReader(descriptor)
        let block = ChunkBlock()
        var chunks: [[UInt8]] = []
        while try reader.fill(block) {
            #expect(block.chunks.last?.upperBound == block.bytes.count)
            chunks += block.chunks.map { Array(block.bytes[$0]) }
        }
        #expect(try !reader.fill(block), "the end stays the end")
        #expect(block.chunks.isEmpty && block.bytes.isEmpty)
        return chunks
    }

    private func file(_ bytes: [UInt8], in scratch: Scratch) throws -> FileDescriptor {
        try FileDescriptor.open(FilePath(scratch.write("file", bytes)), .readOnly)
    }

    @Test("The golden vectors are read from files too", arguments: GoldenChunks.all.cases)
    func golden(vector: GoldenChunks.Case) throws {
        let bytes = vector.bytes
        let scratch = try Scratch()
        let descriptor = try file(bytes, in: scratch)
        let chunks = try descriptor.closeAfter { try read(descriptor) }
        #expect(chunks.map(\.count) == vector.lengths)
        #expect(chunks.flatMap(\.self) == bytes)
    }

    @Test(
        "Files about as long as the buffer are read to their last byte",
        arguments: [
            Chunker.maximum - 1, Chunker.maximum, Chunker.maximum + 1, 4 * Chunker.maximum - 1,
            4 * Chunker.maximum,
            4 * Chunker.maximum + 1,
        ])
    func bufferBounds(count: Int) throws {
        let scratch = try Scratch()
        for bytes in [randomBytes(count: count, seed: 5), [UInt8](repeating: 0, count: count)] {
            let descriptor = try file(bytes, in: scratch)
            let found = try descriptor.closeAfter { try read(descriptor) }
            #expect(found == chunks(bytes))
        }
    }

    @Test(
        "A pipe gives the same chunks, in whatever pieces it hands the bytes out",
        arguments: [1_000, 4_096, 65_537, 1 << 20])
    func pipes(pieceLength: Int) throws {
        let bytes = randomBytes(count: 1_234_567, seed: 6)
        let ends = try FileDescriptor.pipe()
        let writer = Thread {
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(pieceLength)
                guard (try? ends.writeEnd.writeAll(piece)) != nil else { break }
                rest = rest.dropFirst(piece.count)
            }
            try? ends.writeEnd.close()
        }
        writer.start()
        let found = try ends.readEnd.closeAfter { try read(ends.readEnd) }
        #expect(found == chunks(bytes))
    }

    @Test("Reading begins where the descriptor stands")
    func position() throws {
        let bytes = randomBytes(count: 500_000, seed: 7)
        let scratch = try Scratch()
        let descriptor = try file(bytes, in: scratch)
        try descriptor.seek(offset: 100_000, from: .start)
        let found = try descriptor.closeAfter { try read(descriptor) }
        #expect(found == chunks(Array(bytes[100_000...])))
    }

    @Test("A failure to read is thrown")
    func failure() throws {
        let descriptor = try FileDescriptor.open("/tmp", .readOnly)
        let error = #expect(throws: Errno.self) { try descriptor.closeAfter { try read(descriptor) } }
        #expect(error == .isDirectory)
    }
}
