import AmphoraObjects

/// The beginning of an entry that is a delta: what it is a delta on.
///
/// gitformat-pack(5), «OBJ_OFS_DELTA» and «OBJ_REF_DELTA».
struct PackDelta {
    enum Base {
        /// The entry this many bytes before.
        case distance(Int)
        case object(ObjectID)
    }

    let base: Base
    /// Where the zlib stream begins.
    let streamStart: Int
    private let contentHeader: ArraySlice<UInt8>

    private static let distanceCode: UInt8 = 6
    private static let objectCode: UInt8 = 7

    /// - Returns: `nil` if the entry is no delta.
    /// - Throws: ``MalformedObject`` if it breaks off.
    init?(decoding entry: [UInt8]) throws(MalformedObject) {
        guard let header = entry.withUnsafeBytes({ PackEntryHeader(decoding: $0) }) else {
            throw MalformedObject(kind: "object", reason: "its entry in the pack is damaged")
        }
        guard header.kind == nil else { return nil }
        contentHeader = entry[..<header.byteCount]
        let rest = entry[header.byteCount...]
        let code = entry[0] >> 4 & 7
        if code == Self.distanceCode, let end = rest.prefix(8).firstIndex(where: { $0 & 0x80 == 0 }) {
            // Each further digit counts from one, so that no distance has two forms.
            let distance = rest[...end].reduce(-1) { ($0 + 1) << 7 | Int($1 & 0x7F) }
            base = .distance(distance)
            streamStart = end + 1
        } else if code == Self.objectCode, rest.count >= ObjectID.byteCount {
            base = .object(ObjectID(rest))
            streamStart = header.byteCount + ObjectID.byteCount
        } else {
            throw MalformedObject(kind: "object", reason: "its entry in the pack is of no known kind")
        }
    }

    /// The same delta in another place.
    ///
    /// - Parameters:
    ///   - entry: The entry it was read from.
    ///   - distance: How many bytes before it its base begins there.
    /// - Returns: Header and stream.
    func moved(_ entry: [UInt8], distance: Int) -> [UInt8] {
        var header = Array(contentHeader)
        header[0] = header[0] & 0x8F | Self.distanceCode << 4
        var digits = [UInt8(distance & 0x7F)]
        var rest = distance >> 7
        while rest > 0 {
            rest -= 1
            digits.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return header + digits.reversed() + entry[streamStart...]
    }
}
