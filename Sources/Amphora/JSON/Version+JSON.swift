package import AmphoraObjects

extension Version {
    /// What programs are told of a version, by commands and by the pages' JSON.
    package func json(aliases: [Alias]) -> JSONValue {
        [
            "version": .string(description), "artifact": .string(name.artifact.rawValue),
            "number": .int(Int64(name.number.rawValue)), "type": .string(type.rawValue),
            "aliases": .array(aliases.map { .string($0.rawValue) }), "commit": .string(commitID.description),
            "digest": .string(treeID.description), "files": .int(Int64(fileCount)),
            "size": .int(Int64(byteCount)),
            "created_at": .string(Timestamp.text(created)), "author": .string(signature.person),
            "description": note.map(JSONValue.string) ?? .null, "metadata": .object(metadata),
            "run": producerID.map { .string($0.rawValue) } ?? .null,
        ]
    }
}

extension VersionFile {
    /// What programs are told of a file.
    package var json: JSONValue {
        [
            "path": .string(path.description), "size": byteCount.map { .int(Int64($0)) } ?? .null,
            "here": .bool(isHere), "executable": .bool(isExecutable), "chunked": .bool(isChunked),
            "id": .string(id.description), "sha256": sha256.map(JSONValue.string) ?? .null,
        ]
    }
}

extension Tombstone {
    /// What programs are told of a deleted version.
    package var json: JSONValue {
        [
            "version": .string("\(name)"), "deleted": true,
            "deleted_at": .string(Timestamp.text(signature.date)), "deleted_by": .string(signature.person),
        ]
    }
}
