import AmphoraChunking
package import AmphoraObjects
import AmphoraPack
import SystemPackage

/// A file's content in the store: what a folder's tree says of it.
package struct StoredFile: Hashable, Sendable {
    /// ``EntryMode/directory`` for a chunked file, whose own tree holds the executable bit.
    package let mode: EntryMode
    package let id: ObjectID
    /// Length of the file in bytes.
    package let byteCount: Int

    package init(mode: EntryMode, id: ObjectID, byteCount: Int) {
        self.mode = mode
        self.id = id
        self.byteCount = byteCount
    }
}

/// Brings files into the store.
package struct FileIngester<Writer: ObjectWriter>: Sendable {
    let writer: Writer

    package init(_ writer: Writer) { self.writer = writer }

    /// Stores a file as a blob, or in chunks from ``ChunkedFile/threshold`` on.
    ///
    /// - Parameters:
    ///   - file: The file as it was when it was added.
    ///   - onBytes: Told of each piece's length when it is stored.
    /// - Returns: What the folder's tree is to say of it.
    /// - Throws: ``FileChanged`` if it is not so any more; ``FileError``; what the writer throws.
    package func ingest(_ file: SourceFile, onBytes: (Int) -> Void = { _ in }) throws -> StoredFile {
        let reader = try FileReader(file.path)
        guard file.status.byteCount >= ChunkedFile.threshold else {
            let bytes = try reader.readAll(expecting: file.status)
            let blobID = try writer.write(blob: bytes)
            if let freshID = file.freshID, freshID != blobID.objectID { throw FileChanged(path: file.path) }
            onBytes(bytes.count)
            return StoredFile(
                mode: file.status.isExecutable ? .executable : .file, id: blobID.objectID,
                byteCount: bytes.count)
        }
        let treeID = try reader.unchanged(file.status) {
            try ingestChunks(of: reader, file, onBytes: onBytes)
        }
        return StoredFile(mode: .directory, id: treeID.objectID, byteCount: file.status.byteCount)
    }

    private func ingestChunks(
        of reader: borrowing FileReader, _ file: SourceFile, onBytes: (Int) -> Void
    ) throws -> TreeID {
        var chunks = ChunkReader(reader.descriptor)
        var groups = ChunkGroups()
        var hasher = FileHasher()
        var total = 0
        do {
            while let count = try chunks.next({ bytes in
                hasher.update(bytes)
                try groups.append(BlobID(writer.write(bytes, as: .blob)), to: writer)
                return bytes.count
            }) {
                total += count
                onBytes(count)
            }
        } catch {
            throw error is Errno ? FileError("read", file.path, error) : error
        }
        guard total == file.status.byteCount else { throw FileChanged(path: file.path) }
        let marker = ChunkedFile(
            isExecutable: file.status.isExecutable, sha256: hasher.finalize(), byteCount: total)
        return try groups.finish(marker, in: writer)
    }
}
