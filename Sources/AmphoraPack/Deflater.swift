import CLibdeflate

/// Compresses whole buffers to zlib streams, with libdeflate; for one thread at a time.
package final class Deflater {
    private let compressor: OpaquePointer

    /// - Parameter level: 0 (stored), 1 (fast) to 12 (small).
    package init(level: Int) {
        precondition((0...12).contains(level), "libdeflate's levels are 0 to 12")
        guard let compressor = libdeflate_alloc_compressor(Int32(level)) else {
            preconditionFailure("libdeflate could not allocate a compressor")
        }
        self.compressor = compressor
    }

    deinit { libdeflate_free_compressor(compressor) }

    /// The zlib stream (RFC 1950) of `bytes`, behind a prefix.
    package func zlib(_ bytes: UnsafeRawBufferPointer, after prefix: [UInt8] = []) -> [UInt8] {
        let bound = libdeflate_zlib_compress_bound(compressor, bytes.count)
        return [UInt8](unsafeUninitializedCapacity: prefix.count + bound) { buffer, count in
            _ = buffer.initialize(fromContentsOf: prefix)
            let start = buffer.baseAddress.map { $0 + prefix.count }
            count =
                prefix.count
                + libdeflate_zlib_compress(compressor, bytes.baseAddress, bytes.count, start, bound)
        }
    }

    /// The zlib stream (RFC 1950) of `bytes`.
    package func zlib(_ bytes: [UInt8]) -> [UInt8] { bytes.withUnsafeBytes { zlib($0) } }

    /// The CRC-32 of `bytes`, as zlib, PNG and pack indexes use it.
    package static func crc32(_ bytes: [UInt8]) -> UInt32 { libdeflate_crc32(0, bytes, bytes.count) }
}
