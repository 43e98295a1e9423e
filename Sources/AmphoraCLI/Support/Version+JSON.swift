import Amphora

extension Version {
    /// What every command says of a version.
    func json(aliases: [Alias]) -> JSONValue {
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

    /// The same, and what remotes have of its aliases that were moved on both sides.
    func json(aliases: [Alias], _ labels: AliasLabels) -> JSONValue {
        var json = json(aliases: aliases)
        json["conflicts"] = labels.json(aliases, of: name.artifact)
        return json
    }
}
