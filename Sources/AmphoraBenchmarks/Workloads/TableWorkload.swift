import AmphoraStore
import SystemPackage

/// A CSV file of numbers, labels and words.
struct TableWorkload {
    private static let header = Array("id,ts,user,score,label,text\n".utf8)
    private static let rowsOfBlock = 5000
    private static let wordCount = 2000
    private static let wordsOfRow = 8
    private static let editCount = 100

    let byteCount: Int
    let seed: UInt64

    func make(in folder: String) throws {
        let blocks = try makeBlocks()
        try FileDescriptor.writing("\(folder)/v1/data.csv") { file in
            try file.writeAll(Self.header)
            for block in blocks { try file.writeAll(block) }
        }
        try FileDescriptor.writing("\(folder)/v2/data.csv") { file in
            try file.writeAll(Self.header)
            let edits = chooseEdits(blockCount: blocks.count)
            for (index, block) in blocks.enumerated() {
                try file.writeAll(
                    edits[index].map { edited(block, $0, firstRow: index * Self.rowsOfBlock) } ?? block)
            }
            try file.writeAll(appendedRows(to: blocks))
        }
    }

    /// The first version, in memory.
    func text() throws -> [UInt8] { try Self.header + makeBlocks().joined() }

    private func makeBlocks() throws -> [[UInt8]] {
        let vocabulary = makeVocabulary()
        var blocks: [[UInt8]] = []
        var made = Self.header.count
        while made < byteCount {
            let first = blocks.count
            let batch = try Parallel.map(Array(first..<(first + 2 * Parallel.workerCount))) {
                rows(ofBlock: $0, vocabulary)
            }
            for block in batch where made < byteCount {
                blocks.append(block)
                made += block.count
            }
        }
        return blocks
    }

    private func makeVocabulary() -> [[UInt8]] {
        var random = RandomStream(seed: seed, index: -1)
        return (0..<Self.wordCount).map { _ in
            (0..<(3 + random.below(6))).map { _ in UInt8(ascii: "a") + UInt8(random.below(26)) }
        }
    }

    private func rows(ofBlock block: Int, _ vocabulary: [[UInt8]]) -> [UInt8] {
        var random = RandomStream(seed: seed, index: block)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(100 * Self.rowsOfBlock)
        for row in (block * Self.rowsOfBlock)..<((block + 1) * Self.rowsOfBlock) {
            bytes += "\(row),\(1_700_000_000 + 7 * row),\(random.below(1_000_000)),".utf8
            Self.append(fraction: random.below(1_000_000), to: &bytes)
            bytes += ",\(random.below(10))".utf8
            for word in 0..<Self.wordsOfRow {
                bytes.append(UInt8(ascii: word == 0 ? "," : " "))
                bytes += vocabulary[random.below(Self.wordCount)]
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Millionths, as a number of six decimals.
    private static func append(fraction: Int, to bytes: inout [UInt8]) {
        let digits = String(fraction + 1_000_000).utf8.dropFirst()
        bytes += "0.".utf8
        bytes += digits
    }

    /// Which rows of which blocks become others.
    private func chooseEdits(blockCount: Int) -> [Int: Set<Int>] {
        var random = RandomStream(seed: seed, index: -2)
        return (0..<Self.editCount).reduce(into: [:]) { edits, _ in
            let row = random.below(blockCount * Self.rowsOfBlock)
            edits[row / Self.rowsOfBlock, default: []].insert(row % Self.rowsOfBlock)
        }
    }

    private func edited(_ block: [UInt8], _ rows: Set<Int>, firstRow: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, line) in block.split(separator: UInt8(ascii: "\n")).enumerated() {
            let row = firstRow + index
            bytes += rows.contains(index) ? Array("\(row),0,0,0.000000,0,edited row \(row)".utf8)[...] : line
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// One row in a hundred, from the front, with other digits: new to every store, and like the rest.
    private func appendedRows(to blocks: [[UInt8]]) -> [UInt8] {
        var rest = blocks.count * Self.rowsOfBlock / 100
        var bytes: [UInt8] = []
        for block in blocks where rest > 0 {
            for line in block.split(separator: UInt8(ascii: "\n")).prefix(rest) {
                bytes += line.map { $0 == UInt8(ascii: "7") ? UInt8(ascii: "8") : $0 }
                bytes.append(UInt8(ascii: "\n"))
            }
            rest -= min(rest, Self.rowsOfBlock)
        }
        return bytes
    }
}
