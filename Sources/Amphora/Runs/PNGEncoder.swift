import AmphoraPack

/// Writes pixels of one byte a sample as a PNG file (ISO/IEC 15948).
struct PNGEncoder {
    enum Colour: UInt8 {
        // The numbers that stand in the header.
        case gray = 0
        case rgb = 2
        case rgba = 6

        /// Bytes a pixel.
        var byteCount: Int {
            switch self {
            case .gray: 1
            case .rgb: 3
            case .rgba: 4
            }
        }
    }

    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let colour: Colour
    let width: Int
    let height: Int

    /// Writes the file.
    ///
    /// - Parameter samples: Exactly `width * height * colour.byteCount` bytes.
    /// - Returns: All its bytes.
    func encode(_ samples: [UInt8]) -> [UInt8] {
        let header = bigEndian(width) + bigEndian(height) + [8, colour.rawValue, 0, 0, 0]
        var file = Self.signature
        append("IHDR", header, to: &file)
        append("IDAT", Deflater(level: 6).zlib(filtered(samples)), to: &file)
        append("IEND", [], to: &file)
        return file
    }

    private func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        let body = Array(type.utf8) + data
        file += bigEndian(data.count)
        file += body
        file += bigEndian(Int(Deflater.crc32(body)))
    }

    private func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// The rows, each behind the number of its filter.
    ///
    /// The filter is the one of None, Sub and Up whose output, read as signed bytes, is the smallest in sum:
    /// the heuristic of the PNG specification, chapter 12.8.
    private func filtered(_ samples: [UInt8]) -> [UInt8] {
        let rowLength = width * colour.byteCount
        var above = [UInt8](repeating: 0, count: rowLength)
        var result: [UInt8] = []
        result.reserveCapacity((rowLength + 1) * height)
        for start in stride(from: 0, to: samples.count, by: rowLength) {
            let row = Array(samples[start..<start + rowLength])
            let left = [UInt8](repeating: 0, count: colour.byteCount) + row.dropLast(colour.byteCount)
            let candidates = [row, Self.difference(row, left), Self.difference(row, above)]
            let costs = candidates.map { $0.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) } }
            let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
            result.append(UInt8(best))
            result += candidates[best]
            above = row
        }
        return result
    }

    private static func difference(_ row: [UInt8], _ other: [UInt8]) -> [UInt8] {
        zip(row, other).map { $0 &- $1 }
    }
}
