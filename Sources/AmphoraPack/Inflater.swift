package import AmphoraObjects
import CLibdeflate

/// Decompresses zlib streams, with libdeflate; for one thread at a time.
package final class Inflater {
    private let decompressor: OpaquePointer

    package init() {
        guard let decompressor = libdeflate_alloc_decompressor() else {
            preconditionFailure("libdeflate could not allocate a decompressor")
        }
        self.decompressor = decompressor
    }

    deinit { libdeflate_free_decompressor(decompressor) }

    /// The content of a zlib stream (RFC 1950) whose length is not known; bytes behind it are passed over.
    ///
    /// - Throws: ``MalformedObject`` if the stream is damaged or breaks off.
    package func inflate(_ bytes: UnsafeRawBufferPointer) throws(MalformedObject) -> [UInt8] {
        // Most content does not compress, so that the first try mostly suffices.
        var capacity = bytes.count + bytes.count / 8 + 1024
        while true {
            var result = LIBDEFLATE_BAD_DATA
            let content = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                var consumed = 0
                result = libdeflate_zlib_decompress_ex(
                    decompressor, bytes.baseAddress, bytes.count, buffer.baseAddress, capacity, &consumed,
                    &count)
                if result != LIBDEFLATE_SUCCESS { count = 0 }
            }
            switch result {
            case LIBDEFLATE_SUCCESS: return content
            // No deflate stream holds more than 1032 times its length.
            case LIBDEFLATE_INSUFFICIENT_SPACE where capacity < 1032 * bytes.count + 1024: capacity *= 4
            default:
                throw MalformedObject(kind: "object", reason: "its compressed data is damaged or breaks off")
            }
        }
    }

    /// The content of a zlib stream whose length is known; bytes behind it are passed over.
    ///
    /// - Throws: ``MalformedObject`` if the stream is damaged, breaks off, or has another length.
    package func inflate(
        _ bytes: UnsafeRawBufferPointer, byteCount: Int
    ) throws(MalformedObject) -> [UInt8] {
        // No deflate stream holds more than 1032 times its length: what claims more is damaged.
        guard byteCount <= 1032 * bytes.count + 1024 else {
            throw MalformedObject(kind: "object", reason: "it is not as long as its header says")
        }
        var result = LIBDEFLATE_BAD_DATA
        let content = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            var consumed = 0
            result = libdeflate_zlib_decompress_ex(
                decompressor, bytes.baseAddress, bytes.count, buffer.baseAddress, byteCount, &consumed, &count
            )
            if result != LIBDEFLATE_SUCCESS { count = 0 }
        }
        guard result == LIBDEFLATE_SUCCESS, content.count == byteCount else {
            throw MalformedObject(kind: "object", reason: "its compressed data is damaged or breaks off")
        }
        return content
    }
}
