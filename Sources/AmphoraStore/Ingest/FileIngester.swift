package import AmphoraObjects
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
    private let writer: Writer
    private let pipeline: ChunkPipeline<Writer>

    /// - Parameters:
    ///   - writer: Takes the objects.
    ///   - workers: Threads that work on big files, besides those that bring files.
    package init(_ writer: Writer, workers: Int = Parallel.workerCount) {
        self.writer = writer
        pipeline = ChunkPipeline(writer, workers: workers)
    }

    /// Stores a file as a blob, or in chunks from ``ChunkedFile/threshold`` on.
    ///
    /// - Parameters:
    ///   - file: The file as it was when it was added.
    ///   - onBytes: Told of each piece's length when it is read.
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
        let (treeID, byteCount) = try reader.unchanged(file.status) {
            do {
                return try pipeline.store(
                    reader.descriptor, isExecutable: file.status.isExecutable, onBytes: onBytes)
            } catch {
                throw error is Errno ? FileError("read", file.path, error) : error
            }
        }
        guard byteCount == file.status.byteCount else { throw FileChanged(path: file.path) }
        return StoredFile(mode: .directory, id: treeID.objectID, byteCount: byteCount)
    }
}
