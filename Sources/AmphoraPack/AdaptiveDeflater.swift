/// Compresses what compresses, and stores the rest as it is; for one thread at a time.
///
/// Deflating what does not compress costs time, at each reading too, and saves nothing.
package final class AdaptiveDeflater {
    private let compression: Compression
    private lazy var storer = Deflater(level: 0)
    private lazy var deflater: Deflater =
        if case .level(let level) = compression { Deflater(level: level) } else { Deflater(level: 1) }

    package init(_ compression: Compression = .automatic) { self.compression = compression }

    /// The zlib stream (RFC 1950) of `bytes`, behind a prefix.
    package func zlib(_ bytes: UnsafeRawBufferPointer, after prefix: [UInt8] = []) -> [UInt8] {
        let isWorthIt =
            switch compression {
            case .automatic: EntropyProbe.isCompressible(bytes)
            case .never: false
            case .level: true
            }
        return (isWorthIt ? deflater : storer).zlib(bytes, after: prefix)
    }
}
