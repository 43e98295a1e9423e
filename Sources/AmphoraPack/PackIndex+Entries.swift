package import AmphoraObjects
import Crypto
import FoundationEssentials

extension PackIndex {
    /// The object at a position in the order of IDs.
    package func id(at position: Int) -> ObjectID {
        let start = Self.tableStart + 20 * position
        return data.withUnsafeBytes { ObjectID($0, at: start) }
    }

    /// CRC-32 of the entry at a position in the order of IDs.
    func crc32(at position: Int) -> UInt32 {
        Self.number(data, at: Self.tableStart + 20 * count + 4 * position)
    }

    /// What is wrong with the index itself; `nil` if nothing is.
    package var problem: String? {
        let body = data.prefix(data.count - 20)
        var hash = Insecure.SHA1()
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        guard Array(hash.finalize()) == Array(data.suffix(20)) else { return "its checksum is wrong" }
        let fanOut = (0..<256).map { Int(Self.number(data, at: 8 + 4 * $0)) }
        guard zip(fanOut, fanOut.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            return "its table of first bytes is not in order"
        }
        var last: ObjectID?
        for position in 0..<count {
            let id = id(at: position)
            let first = Int(id.firstByte)
            guard last.map({ $0 < id }) ?? true else { return "its IDs are not in order" }
            guard position < fanOut[first], first == 0 || position >= fanOut[first - 1] else {
                return "its table of first bytes does not fit its IDs"
            }
            last = id
        }
        return nil
    }
}
