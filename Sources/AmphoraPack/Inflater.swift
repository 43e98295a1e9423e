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
        while capacity < 4 * Self.mostContent(of: bytes) {
            if let content = try inflate(bytes, capacity: capacity) { return content }
            capacity *= 4
        }
        throw Self.damaged
    }

    /// The content of a zlib stream whose length is known; bytes behind it are passed over.
    ///
    /// - Throws: ``MalformedObject`` if the stream is damaged, breaks off, or has another length.
    package func inflate(
        _ bytes: UnsafeRawBufferPointer, byteCount: Int
    ) throws(MalformedObject) -> [UInt8] {
        // Checked before memory is asked for.
        guard byteCount <= Self.mostContent(of: bytes),
            let content = try inflate(bytes, capacity: byteCount), content.count == byteCount
        else { throw Self.damaged }
        return content
    }

    /// Decompresses a zlib stream into a buffer that is as long as its content.
    ///
    /// The checksum of a stream that is only stored is not looked at: callers know the content's hash.
    ///
    /// - Parameters:
    ///   - bytes: The stream; bytes behind it are passed over.
    ///   - buffer: Is filled.
    /// - Returns: The length of the stream.
    /// - Throws: ``MalformedObject`` if the stream is damaged, breaks off, or has another length.
    func inflate(
        _ bytes: UnsafeRawBufferPointer, into buffer: UnsafeMutableRawBufferPointer
    ) throws(MalformedObject) -> Int {
        if let count = StoredStream.copy(bytes, into: buffer) { return count }
        var consumed = 0
        // No length to return means that the content must be exactly as long as the buffer.
        let result = libdeflate_zlib_decompress_ex(
            decompressor, bytes.baseAddress, bytes.count, buffer.baseAddress, buffer.count, &consumed, nil)
        guard result == LIBDEFLATE_SUCCESS else { throw Self.damaged }
        return consumed
    }

    /// Decompresses a zlib stream that is all of `bytes`, with its checksum, as others will want to read it.
    ///
    /// - Returns: Content of exactly this length.
    /// - Throws: ``MalformedObject`` if the stream is damaged, has another length, or does not end with `bytes`.
    func inflateAll(
        _ bytes: UnsafeRawBufferPointer, byteCount: Int
    ) throws(MalformedObject) -> [UInt8] {
        guard byteCount <= Self.mostContent(of: bytes) else { throw Self.damaged }
        var consumed = 0
        var result = LIBDEFLATE_BAD_DATA
        let content = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            result = libdeflate_zlib_decompress_ex(
                decompressor, bytes.baseAddress, bytes.count, buffer.baseAddress, byteCount, &consumed, nil)
            count = result == LIBDEFLATE_SUCCESS ? byteCount : 0
        }
        guard result == LIBDEFLATE_SUCCESS, consumed == bytes.count else { throw Self.damaged }
        return content
    }

    /// - Returns: `nil` if the content is longer than `capacity`.
    private func inflate(
        _ bytes: UnsafeRawBufferPointer, capacity: Int
    ) throws(MalformedObject) -> [UInt8]? {
        var result = LIBDEFLATE_BAD_DATA
        let content = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var consumed = 0
            result = libdeflate_zlib_decompress_ex(
                decompressor, bytes.baseAddress, bytes.count, buffer.baseAddress, capacity, &consumed, &count)
            if result != LIBDEFLATE_SUCCESS { count = 0 }
        }
        switch result {
        case LIBDEFLATE_SUCCESS: return content
        case LIBDEFLATE_INSUFFICIENT_SPACE: return nil
        default: throw Self.damaged
        }
    }

    /// No deflate stream holds more than 1032 times its length.
    private static func mostContent(of bytes: UnsafeRawBufferPointer) -> Int { 1032 * bytes.count + 1024 }

    private static var damaged: MalformedObject {
        MalformedObject(kind: "object", reason: "its compressed data is damaged or breaks off")
    }
}
