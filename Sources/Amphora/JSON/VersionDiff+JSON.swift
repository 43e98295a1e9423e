package import AmphoraObjects

extension VersionDiff {
    /// What programs are told of a difference.
    package var json: JSONValue {
        [
            "old": .string(old.description), "new": .string(new.description),
            "new_bytes": newBytes.map { .int(Int64($0)) } ?? .null,
            "unchanged": .int(Int64(unchangedFileCount)),
            "description_changed": .bool(isDescriptionChanged),
            "files": .array(
                files.map { file in
                    [
                        "path": .string(file.path.description), "change": .string(file.kind.rawValue),
                        "old_size": file.oldByteCount.map { .int(Int64($0)) } ?? .null,
                        "new_size": file.newByteCount.map { .int(Int64($0)) } ?? .null,
                        "new_bytes": file.newBytes.map { .int(Int64($0)) } ?? .null,
                        "chunks": .int(Int64(file.chunkCount)),
                        "shared_chunks": .int(Int64(file.sharedChunkCount)),
                    ]
                }),
            "metadata": .array(
                metadata.map {
                    ["key": .string($0.key), "old": $0.old ?? .null, "new": $0.new ?? .null]
                }),
        ]
    }
}
