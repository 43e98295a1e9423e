package import AmphoraObjects

/// The file of a loose ref: gitrepository-layout(5), `refs`.
package enum LooseRef {
    /// More than any ref's file that names an object.
    package static let maximumByteCount = 256

    /// The object that the file names, or `nil` for a symbolic ref and for what is no ref.
    ///
    /// As git reads it: 40 digits, then the end or white space.
    package static func target(in bytes: UnsafeRawBufferPointer) -> ObjectID? {
        guard bytes.count >= 40, bytes.count == 40 || isSpace(bytes[40]) else { return nil }
        return ObjectID(hexDigits: bytes[..<40])
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
