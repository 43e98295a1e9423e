import AmphoraChunking
import AmphoraObjects
import AmphoraPack
import SystemPackage

extension Microbenchmark {
    /// The size of the pieces that most parts get: that of a chunk.
    private static let pieceByteCount = Chunker.average

    /// All parts, in the order in which a put and a get use them.
    ///
    /// - Parameters:
    ///   - byteCount: How much a pass works on.
    ///   - folder: Where packs may be written.
    /// - Returns: The parts with their input made.
    /// - Throws: What the file system reports.
    static func all(byteCount: Int, folder: String) throws -> [Microbenchmark] {
        var random = RandomStream(seed: 1, index: 0)
        let noise = pieces(byteCount) { random.bytes($0) }
        let table = try TableWorkload(byteCount: byteCount, seed: 1).text()
        var start = 0
        let text = pieces(byteCount) { count in
            defer { start += count }
            return Array(table[start..<(start + count)])
        }
        return [chunker(noise.flatMap(\.self))] + hashes(noise)
            + [("random bytes", noise), ("CSV", text)].flatMap { compression($0.0, $0.1) }
            + (try packs(noise, folder: FilePath(folder)))
    }

    private static func pieces(_ byteCount: Int, _ make: (Int) -> [UInt8]) -> [[UInt8]] {
        (0..<max(1, byteCount / pieceByteCount)).map { _ in make(pieceByteCount) }
    }

    private static func chunker(_ bytes: [UInt8]) -> Microbenchmark {
        Microbenchmark(name: "cut into chunks", byteCount: bytes.count) {
            bytes.withUnsafeBytes { bytes in
                let chunker = Chunker()
                var rest = bytes
                var count = 0
                while !rest.isEmpty {
                    rest = UnsafeRawBufferPointer(rebasing: rest[chunker.firstCut(in: rest)...])
                    count += 1
                }
                return count
            }
        }
    }

    private static func hashes(_ pieces: [[UInt8]]) -> [Microbenchmark] {
        [
            each(pieces, "SHA-1 of objects") { Int(ObjectHasher.id(of: .blob, $0).bytes[0]) },
            Microbenchmark(name: "SHA-256 of a file", byteCount: count(pieces)) {
                var hasher = FileHasher()
                for piece in pieces { piece.withUnsafeBytes { hasher.update($0) } }
                return hasher.finalize().utf8.count
            },
            each(pieces, "CRC-32") { Int(Deflater.crc32($0)) },
        ]
    }

    private static func compression(_ name: String, _ pieces: [[UInt8]]) -> [Microbenchmark] {
        let storer = Deflater(level: 0)
        let deflater = Deflater(level: 1)
        let inflater = Inflater()
        let adaptive = AdaptiveDeflater()
        let streams = pieces.map { deflater.zlib($0) }
        return [
            each(pieces, "probe, then deflate or store, \(name)") { piece in
                piece.withUnsafeBytes { adaptive.zlib($0).count }
            },
            each(pieces, "deflate, stored, \(name)") { storer.zlib($0).count },
            each(pieces, "deflate, level 1, \(name)") { deflater.zlib($0).count },
            Microbenchmark(name: "inflate, \(name)", byteCount: count(pieces)) {
                try zip(streams, pieces).reduce(0) { sum, pair in
                    try sum
                        &+ pair.0.withUnsafeBytes {
                            try inflater.inflate($0, byteCount: pair.1.count).count
                        }
                }
            },
        ]
    }

    private static func packs(_ pieces: [[UInt8]], folder: FilePath) throws -> [Microbenchmark] {
        let storer = AdaptiveDeflater(.never)
        let ids = pieces.map { ObjectHasher.id(of: .blob, $0) }
        let entries = zip(ids, pieces).map { id, piece in
            piece.withUnsafeBytes { PackEntry(id, .blob, $0, with: storer) }
        }
        /// Without making it durable: that is the disk's speed.
        func append() throws -> PackWriter {
            let writer = try PackWriter(in: folder, by: folder.appending("temporary"))
            for entry in entries { try writer.append(entry) }
            return writer
        }
        let reader = try PackReader(index: try append().finish())
        let inflater = Inflater()
        return [
            Microbenchmark(name: "append to a pack", byteCount: count(pieces)) { try append().byteCount },
            Microbenchmark(name: "read from a pack, checked", byteCount: count(pieces)) {
                try ids.reduce(0) { try $0 &+ (reader.object($1, with: inflater)?.content.count ?? 0) }
            },
        ]
    }

    private static func each(
        _ pieces: [[UInt8]], _ name: String, _ body: @escaping ([UInt8]) -> Int
    ) -> Microbenchmark {
        Microbenchmark(name: name, byteCount: count(pieces)) {
            pieces.reduce(0) { $0 &+ body($1) }
        }
    }

    private static func count(_ pieces: [[UInt8]]) -> Int { pieces.reduce(0) { $0 + $1.count } }
}
