import Amphora

/// What programs can ask for, as JSON: see Docs/openapi.json.
enum APIPlace: Hashable, Sendable {
    case store
    case artifacts
    case artifact(ArtifactName)
    case versions(ArtifactName)
    case version(VersionReference)
    case files(VersionReference)
    case comparison(VersionReference)
    case runs
    case run(RunID)
    case history(RunID)
    case images(RunID)
    case lineage
    case groups

    /// The parts of the path below the API's root.
    var components: [PathPart] {
        switch self {
        case .store: []
        case .artifacts: ["artifacts"]
        case .artifact(let name): ["artifacts", .text(name.rawValue)]
        case .versions(let name): ["artifacts", .text(name.rawValue), "versions"]
        case .version(let reference): Self.version(reference)
        case .files(let reference): Self.version(reference) + ["files"]
        case .comparison(let reference): Self.version(reference) + ["compare"]
        case .runs: ["runs"]
        case .run(let id): ["runs", .text(id.rawValue)]
        case .history(let id): ["runs", .text(id.rawValue), "history"]
        case .images(let id): ["runs", .text(id.rawValue), "images"]
        case .lineage: ["lineage"]
        case .groups: ["lineage", "groups"]
        }
    }

    private static func version(_ reference: VersionReference) -> [PathPart] {
        let selector =
            switch reference.selector {
            case .number(let number): "\(number)"
            case .alias(let alias): alias.rawValue
            }
        return ["artifacts", .text(reference.artifact.rawValue), "versions", .text(selector)]
    }

    /// Finds the place of a path below the API's root.
    init?(_ parts: [PathPart]) {
        let words = parts.compactMap(\.string)
        guard words.count == parts.count else { return nil }
        switch (words.first, words.count) {
        case (nil, _): self = .store
        case ("artifacts", 1): self = .artifacts
        case ("artifacts", _):
            guard let name = try? ArtifactName(words[1]) else { return nil }
            self.init(name, Array(words.dropFirst(2)))
        case ("runs", 1): self = .runs
        case ("runs", 2...3):
            guard let id = try? RunID(words[1]) else { return nil }
            switch words.dropFirst(2).first {
            case nil: self = .run(id)
            case "history": self = .history(id)
            case "images": self = .images(id)
            default: return nil
            }
        case ("lineage", 1): self = .lineage
        case ("lineage", 2) where words[1] == "groups": self = .groups
        default: return nil
        }
    }

    private init?(_ name: ArtifactName, _ words: [String]) {
        guard let first = words.first else {
            self = .artifact(name)
            return
        }
        guard first == "versions", words.count <= 3 else { return nil }
        guard words.count > 1 else {
            self = .versions(name)
            return
        }
        guard let reference = try? VersionReference("\(name):\(words[1])") else { return nil }
        switch words.dropFirst(2).first {
        case nil: self = .version(reference)
        case "files": self = .files(reference)
        case "compare": self = .comparison(reference)
        default: return nil
        }
    }
}
