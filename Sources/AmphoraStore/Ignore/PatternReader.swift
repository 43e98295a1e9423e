/// A position in the bytes of a pattern.
struct PatternReader {
    let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// What has not been read yet.
    var rest: ArraySlice<UInt8> { bytes[position...] }

    var isAtEnd: Bool { position == bytes.count }

    /// Takes the next byte; `nil` at the end.
    mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Takes `text` if it comes next, and says whether it did.
    mutating func take(_ text: String) -> Bool {
        guard isNext(text) else { return false }
        skip(text.utf8.count)
        return true
    }

    func isNext(_ text: String) -> Bool {
        rest.starts(with: text.utf8)
    }

    /// Passes over `count` bytes, which have been seen to be there.
    mutating func skip(_ count: Int) {
        position = min(position + count, bytes.count)
    }
}
