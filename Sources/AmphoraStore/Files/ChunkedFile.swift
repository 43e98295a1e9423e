import AmphoraChunking
package import AmphoraObjects

/// The marker of a chunked file: what the blob `.amphora` in its tree says.
package struct ChunkedFile: Hashable, Sendable {
    /// Files of this many bytes or more are chunked.
    package static let threshold = 1 << 20
    /// Longer than any file system allows: what claims more is forged.
    static let maximumByteCount = 1 << 53
    /// The most chunks that a group holds.
    static let maximumGroupCount = 1024

    package let isExecutable: Bool
    /// SHA-256 of the whole file, 64 hexadecimal digits.
    package let sha256: String
    /// Length of the whole file.
    package let byteCount: Int

    package init(isExecutable: Bool, sha256: String, byteCount: Int) {
        self.isExecutable = isExecutable
        self.sha256 = sha256
        self.byteCount = byteCount
    }

    /// One line of JSON.
    package var encoded: [UInt8] {
        let marker: JSONValue = [
            "chunker": .string(Chunker.name), "executable": .bool(isExecutable), "kind": "chunked",
            "sha256": .string(sha256), "size": .int(Int64(byteCount)),
        ]
        return Array("\(marker.canonical)\n".utf8)
    }

    /// Reads a marker.
    ///
    /// - Throws: ``MalformedObject`` if a field is missing; ``UnsupportedFile`` if it is of a kind or
    ///   chunker that a later version of the format knows.
    package init(decoding bytes: [UInt8]) throws {
        guard let marker = try? JSONValue(parsing: bytes), let kind = marker["kind"]?.string else {
            throw MalformedObject(kind: "marker", reason: "it is not a JSON object with a 'kind'")
        }
        guard kind == "chunked" else { throw UnsupportedFile(what: "kind", value: kind) }
        // Reading needs no chunker: the chunks are put together in their order, whatever cut them.
        guard case .bool(let isExecutable)? = marker["executable"], let sha256 = marker["sha256"]?.string,
            let byteCount = marker["size"]?.int, (0...Self.maximumByteCount).contains(byteCount)
        else { throw MalformedObject(kind: "marker", reason: "a field is missing or malformed") }
        self.init(isExecutable: isExecutable, sha256: sha256, byteCount: byteCount)
    }
}

/// A file kept in a way that this version of the product does not know.
package struct UnsupportedFile: ContentProblem {
    let what: String
    let value: String
    package var code: ErrorCode { .unavailable }
    package var message: String { "the file is kept with the \(what) '\(value)', which is not known here" }
    package var hint: String? { "A newer amphora wrote it: update this one." }
}

/// Puts the chunks of a file into groups, so that an insertion changes one or two of them.
package struct ChunkGroups {
    private var chunks: [BlobID] = []
    private var groups: [TreeEntry] = []

    package init() {}

    /// Adds the file's next chunk, writing a group's tree when the group is full.
    package mutating func append(_ chunkID: BlobID, to writer: some ObjectWriter) throws {
        chunks.append(chunkID)
        if chunkID.objectID.bytes[0] == 0 || chunks.count == ChunkedFile.maximumGroupCount {
            try closeGroup(in: writer)
        }
    }

    /// Writes the last group and the tree of the whole file.
    package mutating func finish(_ marker: ChunkedFile, in writer: some ObjectWriter) throws -> TreeID {
        if !chunks.isEmpty { try closeGroup(in: writer) }
        let markerID = try writer.write(blob: marker.encoded)
        let entry = TreeEntry(name: EntryName.reserved, mode: .file, id: markerID.objectID)
        return try writer.write(Tree([entry] + groups))
    }

    private mutating func closeGroup(in writer: some ObjectWriter) throws {
        let entries = chunks.enumerated().map { index, chunkID in
            TreeEntry(name: Self.name(index, digits: 3), mode: .file, id: chunkID.objectID)
        }
        let treeID = try writer.write(Tree(entries))
        groups.append(
            TreeEntry(name: Self.name(groups.count, digits: 6), mode: .directory, id: treeID.objectID))
        chunks.removeAll(keepingCapacity: true)
    }

    private static func name(_ index: Int, digits: Int) -> [UInt8] {
        let text = String(index, radix: 16)
        return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
    }
}
