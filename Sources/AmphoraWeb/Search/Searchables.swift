import Amphora

/// A run, with its config and summary as fields.
struct SearchableRun: Searchable {
    let run: RunInfo

    var searchTexts: [String] {
        [run.record.name, run.id.rawValue, run.record.jobType, run.record.project] + run.record.tags
            + run.links.map(\.artifact)
    }

    func searchValues(of field: String) -> [JSONValue] {
        switch field {
        case "state": return [.string(run.state.rawValue)]
        case "type", "job", "job_type": return [.string(run.record.jobType)]
        case "name": return [.string(run.record.name)]
        case "project": return [.string(run.record.project)]
        case "tag": return run.record.tags.map(JSONValue.string)
        case "user": return [.string(run.record.user)]
        case "host": return [.string(run.record.host)]
        default:
            let records = [JSONValue.object(run.record.summary), .object(run.record.config)]
            let (first, rest) = field.dotted
            switch first {
            case "summary": return [records[0].value(at: rest)].compactMap(\.self)
            case "config": return [records[1].value(at: rest)].compactMap(\.self)
            default: return records.compactMap { $0.value(at: field) }
            }
        }
    }
}

/// A version, with its metadata as fields.
struct SearchableVersion: Searchable {
    let version: Version
    let aliases: [Alias]

    var searchTexts: [String] {
        [version.name.description, version.type.rawValue, version.note ?? ""] + aliases.map(\.rawValue)
    }

    func searchValues(of field: String) -> [JSONValue] {
        switch field {
        case "type": [.string(version.type.rawValue)]
        case "name": [.string(version.name.artifact.rawValue)]
        case "version": [.string("\(version.name.number)")]
        case "alias": aliases.map { .string($0.rawValue) }
        case "files": [.int(Int64(version.fileCount))]
        case "size": [.int(Int64(version.byteCount))]
        case "digest": [.string(version.treeID.description)]
        default: [JSONValue.object(version.metadata).value(at: field)].compactMap(\.self)
        }
    }
}

extension String {
    /// What is before the first dot, and what is after it.
    fileprivate var dotted: (first: String, rest: String) {
        let parts = split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
}
