import AmphoraObjects
import AmphoraPack

extension TreeFile {
    /// Whether the file on disk has this content.
    ///
    /// - Parameters:
    ///   - reader: The file, at its beginning.
    ///   - status: Its status; its length is already known to be right.
    /// - Returns: Whether the bytes are the same; the executable bit is not looked at.
    /// - Throws: ``FileError``.
    func hasContent(of reader: borrowing FileReader, _ status: FileStatus) throws -> Bool {
        switch content {
        case .blob(let id):
            var hasher = ObjectHasher(.blob, byteCount: status.byteCount)
            try reader.forEachPiece { hasher.update($0) }
            return hasher.finalize() == id.objectID
        case .chunked(_, let marker):
            var hasher = FileHasher()
            try reader.forEachPiece { hasher.update($0) }
            return hasher.finalize() == marker.sha256
        }
    }
}
