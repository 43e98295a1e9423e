package import AmphoraObjects
package import FoundationEssentials

extension ObjectID {
    /// The binary form, as the index keeps it.
    package var data: Data {
        let bytes = self.bytes
        return bytes.span.withUnsafeBytes { Data($0) }
    }

    /// Reads the binary form.
    ///
    /// - Returns: `nil` if it is none: somebody has changed the index.
    package init?(_ data: Data) {
        guard data.count == Self.byteCount else { return nil }
        self.init(bytes: data.span)
    }
}
