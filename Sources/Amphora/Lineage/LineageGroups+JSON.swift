public import AmphoraObjects

extension LineageGroups {
    /// The groups as JSON, for other programs: `nodes` and `edges`, sorted.
    ///
    /// Fields are only ever added.
    public var json: JSONValue {
        [
            "nodes": .array(artifactTypes.map(\.json) + jobTypes.map(\.json)),
            "edges": .array(
                edges.map {
                    [
                        "from": .string($0.from.key), "to": .string($0.to.key),
                        "role": $0.isOutput ? "output" : "input", "links": .int(Int64($0.linkCount)),
                    ]
                }),
        ]
    }
}

extension LineageGroups.ArtifactTypeGroup {
    fileprivate var json: JSONValue {
        [
            "id": .string(id.key), "kind": "artifact_type", "type": .string(type.rawValue),
            "artifacts": .int(Int64(artifactCount)), "versions": .int(Int64(versionCount)),
        ]
    }
}

extension LineageGroups.JobTypeGroup {
    fileprivate var json: JSONValue {
        [
            "id": .string(id.key), "kind": "job_type", "job_type": .string(jobType),
            "runs": .int(Int64(runCount)),
        ]
    }
}
