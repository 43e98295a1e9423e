extension Span<UInt8> {
    /// Whether the bytes are those of `bytes`.
    func isEqual(to bytes: [UInt8]) -> Bool {
        count == bytes.count && hasSuffix(bytes)
    }

    /// Whether the last bytes are those of `bytes`.
    func hasSuffix(_ bytes: [UInt8]) -> Bool {
        let start = count - bytes.count
        guard start >= 0 else { return false }
        for index in bytes.indices where self[start + index] != bytes[index] { return false }
        return true
    }
}
