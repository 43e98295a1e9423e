/// Finds content-defined cut points: the chunker `gear-64k` of the format.
///
/// A gear hash with normalized chunking: W. Xia et al., «FastCDC: a Fast and Efficient Content-Defined
/// Chunking Approach for Data Deduplication», USENIX ATC 2016, normalization level 2: two bits more in
/// the mask before the average size, two bits fewer after it. The paper's masks spread their bits; ours
/// are the hash's top bits, which depend on the last 64 bytes.
///
/// Every number here is part of the identity of versions. Another one is another chunker, with another
/// name, and a new version of the format: see `Docs/Format.md`.
public struct Chunker: Sendable {
    /// The chunker's name in the marker of a chunked file.
    public static let name = "gear-64k"
    /// Smallest chunk, in bytes, except the last of a file.
    public static let minimum = 16 << 10
    /// Target of the mean chunk size, in bytes.
    public static let average = 64 << 10
    /// Largest chunk, in bytes; reaching it forces a cut.
    public static let maximum = 256 << 10

    private static let strictMask = ~UInt64(0) << (64 - 18)
    private static let looseMask = ~UInt64(0) << (64 - 14)

    /// A copy, since each access to a global passes a check whether it is set up yet.
    private let gear = Self.gearTable

    public init() {}

    /// Returns the length of the first chunk of `bytes`.
    ///
    /// Pure: the same bytes give the same cut on every machine and in every thread.
    ///
    /// - Parameter bytes: The file from the last cut on. Pass at least ``maximum`` bytes, or all that are
    ///   left: a shorter buffer is taken to end at the end of the file.
    /// - Returns: A length in bytes between 1 and `min(bytes.count, maximum)`, or 0 if `bytes` is empty.
    /// - Complexity: O(*n*) in the length returned; the first ``minimum`` bytes are skipped.
    public func firstCut(in bytes: UnsafeRawBufferPointer) -> Int {
        let limit = min(bytes.count, Self.maximum)
        guard limit > Self.minimum else { return limit }
        let middle = min(Self.average, limit)
        return gear.withUnsafeBufferPointer { gear in
            var hash: UInt64 = 0
            var index = Self.minimum
            while index < middle {
                hash = (hash << 1) &+ gear[Int(bytes[index])]
                index &+= 1
                if hash & Self.strictMask == 0 { return index }
            }
            while index < limit {
                hash = (hash << 1) &+ gear[Int(bytes[index])]
                index &+= 1
                if hash & Self.looseMask == 0 { return index }
            }
            return limit
        }
    }

    /// One random number for each byte value: SplitMix64 from state 1.
    static let gearTable: [UInt64] = {
        var state: UInt64 = 1
        return (0..<256).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }()
}
