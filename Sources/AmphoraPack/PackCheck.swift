package import AmphoraObjects
import CLibdeflate
import Crypto
import Synchronization

/// Checks a pack whole: its bytes, its index, and every object, reading each byte once.
///
/// Any number of threads may check batches of one pack.
package final class PackCheck: Sendable {
    package enum Finding: Sendable {
        case sound(ObjectKind, byteCount: Int)
        /// Sound as far as its bytes go; the object is a delta on another.
        case delta
        case damaged(MalformedObject)
    }

    /// So many bytes are read at once.
    private static let batchByteCount = 4 << 20

    private let pack: PackReader
    private let entries: [PackReader.Entry]
    private let batches: [Range<Int>]
    private let checksum: Mutex<OrderedChecksum>

    /// - Throws: ``MalformedObject`` if the index names places that are not in the pack.
    package init(_ pack: PackReader) throws(MalformedObject) {
        self.pack = pack
        entries = try pack.entries()
        var batches: [Range<Int>] = []
        var start = 0
        for (number, entry) in entries.enumerated() {
            let byteCount = entry.offset + entry.byteCount - entries[start].offset
            guard byteCount >= Self.batchByteCount || number == entries.count - 1 else { continue }
            batches.append(start..<(number + 1))
            start = number + 1
        }
        self.batches = batches
        checksum = Mutex(OrderedChecksum(header: pack.bytes(from: 0, count: 12)))
    }

    package var batchCount: Int { batches.count }

    /// Checks one batch; they are begun in order.
    ///
    /// - Parameters:
    ///   - batch: Its number.
    ///   - inflater: The thread's own.
    ///   - body: Told of each object.
    /// - Returns: How many bytes of the pack were read.
    package func check(
        _ batch: Int, with inflater: Inflater, _ body: (ObjectID, Finding) -> Void
    ) -> Int {
        let range = batches[batch]
        let start = entries[range.lowerBound].offset
        let last = entries[range.upperBound - 1]
        let bytes = pack.bytes(from: start, count: last.offset + last.byteCount - start)
        checksum.withLock { $0.add(bytes, as: batch) }
        bytes.withUnsafeBytes { bytes in
            for entry in entries[range] {
                let place = (entry.offset - start)..<min(bytes.count, entry.offset - start + entry.byteCount)
                body(entry.id, Self.finding(entry, UnsafeRawBufferPointer(rebasing: bytes[place]), inflater))
            }
        }
        return bytes.count
    }

    private static func finding(
        _ entry: PackReader.Entry, _ bytes: UnsafeRawBufferPointer, _ inflater: Inflater
    ) -> Finding {
        guard bytes.count == entry.byteCount,
            libdeflate_crc32(0, bytes.baseAddress, bytes.count) == entry.crc32
        else { return .damaged(malformed("its entry in the pack is damaged")) }
        guard let header = PackEntryHeader(decoding: bytes) else {
            return .damaged(malformed("its entry in the pack is malformed"))
        }
        guard let kind = header.kind else { return .delta }
        do {
            let stream = UnsafeRawBufferPointer(rebasing: bytes[header.byteCount...])
            let content = try inflater.inflate(stream, byteCount: header.contentCount)
            guard ObjectHasher.id(of: kind, content) == entry.id else {
                return .damaged(malformed("its content is not what its ID says"))
            }
            return .sound(kind, byteCount: content.count)
        } catch {
            return .damaged(error)
        }
    }

    private static func malformed(_ reason: String) -> MalformedObject {
        MalformedObject(kind: "object", reason: reason)
    }

    /// What is wrong with the pack as a whole, once all batches are checked; `nil` if nothing is.
    package func problem() -> String? {
        if let problem = pack.index.problem { return "its index is damaged: \(problem)" }
        let (header, sum) = checksum.withLock { ($0.header, $0.finalize()) }
        let expected = Array("PACK".utf8) + [0, 0, 0, 2] + PackIndex.bytes(UInt32(pack.index.count))
        guard header == expected else { return "its header is malformed" }
        guard entries.first.map({ $0.offset == 12 }) ?? true else {
            return "it begins with something unknown"
        }
        return sum == pack.index.packChecksum ? nil : "its checksum is wrong"
    }
}

/// SHA-1 of parts that come nearly in order.
private struct OrderedChecksum {
    let header: [UInt8]
    private var hash = Insecure.SHA1()
    private var next = 0
    private var waiting: [Int: [UInt8]] = [:]

    init(header: [UInt8]) {
        self.header = header
        hash.update(data: header)
    }

    mutating func add(_ bytes: [UInt8], as number: Int) {
        waiting[number] = bytes
        while let bytes = waiting.removeValue(forKey: next) {
            bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            next += 1
        }
    }

    func finalize() -> [UInt8] { Array(hash.finalize()) }
}
