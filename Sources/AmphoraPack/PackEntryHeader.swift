/// What stands before the zlib stream of an entry of a pack: kind and length of the content.
///
/// Three bits of kind and four of length, then seven bits of length a byte: gitformat-pack(5).
struct PackEntryHeader {
    /// `nil` for a delta.
    let kind: ObjectKind?
    let contentCount: Int
    /// Length of the header itself.
    let byteCount: Int

    private static let kinds: [(ObjectKind, UInt8)] = [(.commit, 1), (.tree, 2), (.blob, 3), (.tag, 4)]

    init(kind: ObjectKind, contentCount: Int) {
        self.kind = kind
        self.contentCount = contentCount
        byteCount = 0
    }

    var encoded: [UInt8] {
        let code = Self.kinds.first { $0.0 == kind }?.1 ?? 0
        var rest = contentCount >> 4
        var bytes = [code << 4 | UInt8(contentCount & 15) | (rest > 0 ? 0x80 : 0)]
        while rest > 0 {
            bytes.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
            rest >>= 7
        }
        return bytes
    }

    /// Reads a header; `nil` if it breaks off or is longer than any.
    init?(decoding bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return nil }
        var count = Int(first & 15)
        var used = 1
        var last = first
        while last & 0x80 != 0 {
            guard used < bytes.count, used < 9 else { return nil }
            last = bytes[used]
            count |= Int(last & 0x7F) << (4 + 7 * (used - 1))
            used += 1
        }
        let code = first >> 4 & 7
        kind = Self.kinds.first { $0.1 == code }?.0
        contentCount = count
        byteCount = used
    }
}
