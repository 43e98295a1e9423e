/// Compresses what compresses, and stores the rest as it is; for one thread at a time.
///
/// A sample says which it is: deflating what does not compress costs time and saves nothing.
package final class AdaptiveDeflater {
    /// Length of the sample, in bytes, from the middle.
    private static let sampleCount = 4096

    private let deflater = Deflater(level: 1)
    private let storer = Deflater(level: 0)

    package init() {}

    /// The zlib stream (RFC 1950) of `bytes`.
    package func zlib(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 4 * Self.sampleCount else { return deflater.zlib(bytes) }
        let start = bytes.count / 2
        let sample = deflater.zlib(Array(bytes[start..<(start + Self.sampleCount)]))
        return sample.count > Self.sampleCount * 31 / 32 ? storer.zlib(bytes) : deflater.zlib(bytes)
    }
}
