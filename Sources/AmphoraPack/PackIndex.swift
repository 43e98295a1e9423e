package import AmphoraObjects
import Crypto
import FoundationEssentials

/// The index of a pack, version 2: where each object begins.
package struct PackIndex: Sendable {
    /// An object in a pack.
    struct Entry {
        let id: ObjectID
        /// Of header and stream.
        let crc32: UInt32
        /// From the pack's beginning, in bytes.
        let offset: Int
    }

    private static let magic: [UInt8] = [0xFF, 0x74, 0x4F, 0x63, 0, 0, 0, 2]
    static let tableStart = 8 + 256 * 4

    static func bytes(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    /// The bytes of an index.
    static func encoded(_ entries: [Entry], packChecksum: [UInt8]) -> [UInt8] {
        let sorted = entries.sorted { $0.id < $1.id }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tableStart + 28 * entries.count + 40)
        func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        bytes += magic
        var counts = [UInt32](repeating: 0, count: 256)
        for entry in sorted { counts[Int(entry.id.firstByte)] += 1 }
        var total: UInt32 = 0
        for count in counts {
            total += count
            append(total)
        }
        for entry in sorted { entry.id.append(to: &bytes) }
        for entry in sorted { append(entry.crc32) }
        let large = sorted.lazy.map(\.offset).filter { $0 >= 1 << 31 }
        var largeCount: UInt32 = 0
        for entry in sorted {
            if entry.offset < 1 << 31 {
                append(UInt32(entry.offset))
            } else {
                append(largeCount | 1 << 31)
                largeCount += 1
            }
        }
        for offset in large { append(UInt64(offset)) }
        bytes += packChecksum
        var hash = Insecure.SHA1()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes.append(contentsOf: hash.finalize())
        return bytes
    }

    // Mapped, as git and libgit2 map it: look-ups touch few pages of it, and nobody shortens an index in
    // place. Its length is checked once, when it is opened.
    let data: Data
    /// How many objects the pack has.
    package let count: Int

    /// Opens an index.
    ///
    /// - Returns: `nil` if it is not there or is not a whole index of version 2.
    package init?(path: String) {
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
            data.count >= Self.tableStart + 40, data.prefix(8).elementsEqual(Self.magic)
        else { return nil }
        self.data = data
        count = Int(Self.number(data, at: 8 + 255 * 4))
        guard data.count >= Self.tableStart + 28 * count + 40 else { return nil }
    }

    static func number(_ data: Data, at offset: Int) -> UInt32 {
        data.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }

    /// The checksum that ends the pack: 20 bytes.
    package var packChecksum: [UInt8] { Array(data.suffix(40).prefix(20)) }

    /// Where the object begins in the pack, or `nil` if it is not in it.
    package func offset(of id: ObjectID) -> Int? {
        let first = Int(id.firstByte)
        var low = first == 0 ? 0 : Int(Self.number(data, at: 8 + (first - 1) * 4))
        var high = Int(Self.number(data, at: 8 + first * 4))
        guard low <= high, high <= count else { return nil }
        let position: Int? = data.withUnsafeBytes { bytes in
            while low < high {
                let middle = (low + high) / 2
                let found = ObjectID(in: bytes, at: Self.tableStart + 20 * middle)
                if found == id { return middle }
                if found < id { low = middle + 1 } else { high = middle }
            }
            return nil
        }
        return position.flatMap { offset(at: $0) }
    }

    func offset(at position: Int) -> Int? {
        let offsets = Self.tableStart + 24 * count
        let value = Self.number(data, at: offsets + 4 * position)
        guard value >> 31 == 1 else { return Int(value) }
        let start = offsets + 4 * count + 8 * Int(value & 0x7FFF_FFFF)
        guard start + 8 <= data.count - 40 else { return nil }
        let large = data.withUnsafeBytes {
            UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        }
        return Int(exactly: large)
    }
}
