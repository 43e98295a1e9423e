import Amphora

/// Something that has an address of its own in the pages.
///
/// `Place(path:)` and ``path`` are each other's inverse, so that every link leads somewhere.
enum Place: Hashable, Sendable {
    case project
    case search
    case artifact(ArtifactName)
    case version(VersionName, VersionTab)
    /// A file or folder of a version.
    case file(VersionName, ArtifactPath)
    /// The bytes of a file, to be saved.
    case download(VersionName, ArtifactPath)
    /// The bytes of a file that is a picture, to be shown.
    case picture(VersionName, ArtifactPath)
    /// A version by one of its aliases, which may be another tomorrow.
    case alias(ArtifactName, Alias)
    case runs
    /// Of runs that the question names.
    case comparison
    case run(RunID, RunTab)
    /// The bytes of an image of a run.
    case image(RunID, ArtifactPath)
    /// What happens to a run, as it happens.
    case events(RunID)
    case lineage(LineageView)
    case asset(Asset)
    /// The same as JSON.
    case api(APIPlace)

    enum VersionTab: String, CaseIterable, Sendable {
        case overview, metadata, files, lineage, compare, usage
    }

    /// How much of the graph is one node: what is alike, one version or run, or a type; or no picture at all.
    enum LineageView: String, CaseIterable, Sendable {
        case exploded, unfolded, grouped, list

        var title: String {
            switch self {
            case .exploded: "Versions and runs"
            case .unfolded: "Each by itself"
            case .grouped: "Types"
            case .list: "List"
            }
        }
    }

    enum RunTab: String, CaseIterable, Sendable {
        case overview, charts, media, artifacts, lineage
    }
}

extension Place {
    /// Below which path programs get JSON.
    static let apiRoot: [PathPart] = ["api", "v1"]

    /// The parts of the path, not yet encoded for an URL.
    var components: [PathPart] {
        switch self {
        case .project: []
        case .search: ["search"]
        case .artifact(let name): ["artifacts", .text(name.rawValue)]
        case .version(let name, .overview): Self.version(name)
        case .version(let name, let tab): Self.version(name) + [.text(tab.rawValue)]
        case .file(let name, let path): Self.version(name) + ["files"] + path.components.map { .bytes($0) }
        case .download(let name, let path):
            Self.version(name) + ["download"] + path.components.map { .bytes($0) }
        case .picture(let name, let path):
            Self.version(name) + ["picture"] + path.components.map { .bytes($0) }
        case .alias(let artifact, let alias):
            ["artifacts", .text(artifact.rawValue), "alias", .text(alias.rawValue)]
        case .runs: ["runs"]
        case .comparison: ["compare"]
        case .run(let id, .overview): ["runs", .text(id.rawValue)]
        case .run(let id, let tab): ["runs", .text(id.rawValue), .text(tab.rawValue)]
        case .image(let id, let path):
            ["runs", .text(id.rawValue), "image"] + path.components.map { .bytes($0) }
        case .events(let id): ["runs", .text(id.rawValue), "events"]
        case .lineage(.exploded): ["lineage"]
        case .lineage(let view): ["lineage", .text(view.rawValue)]
        case .api(let place): Self.apiRoot + place.components
        case .asset(let asset): ["assets", .text(asset.fileName)]
        }
    }

    private static func version(_ name: VersionName) -> [PathPart] {
        ["artifacts", .text(name.artifact.rawValue), .text("\(name.number)")]
    }

    /// The path of the place's URL, encoded.
    var path: String { "/" + components.map(\.encoded).joined(separator: "/") }

    /// Finds the place of a path, or `nil` if there can be none.
    init?(path: String) {
        guard path.utf8.first == UInt8(ascii: "/"), let parts = PathPart.parts(of: path) else { return nil }
        guard let first = parts.first?.string else {
            guard parts.isEmpty else { return nil }
            self = .project
            return
        }
        let rest = parts.dropFirst()
        switch first {
        case "search" where rest.isEmpty: self = .search
        case "runs" where rest.isEmpty: self = .runs
        case "compare" where rest.isEmpty: self = .comparison
        case "lineage" where rest.isEmpty: self = .lineage(.exploded)
        case "lineage":
            guard rest.count == 1, let view = rest.first?.string.flatMap(LineageView.init(rawValue:)),
                view != .exploded
            else { return nil }
            self = .lineage(view)
        case "artifacts": self.init(artifact: Array(rest))
        case "runs": self.init(run: Array(rest))
        case "assets":
            guard rest.count == 1, let asset = rest.first?.string.flatMap(Asset.init(fileName:)) else {
                return nil
            }
            self = .asset(asset)
        case "api":
            guard parts.starts(with: Self.apiRoot), let place = APIPlace(Array(parts.dropFirst(2))) else {
                return nil
            }
            self = .api(place)
        default: return nil
        }
    }

    private init?(artifact parts: [PathPart]) {
        guard let artifact = parts.first?.string.flatMap({ try? ArtifactName($0) }) else { return nil }
        let words = parts.map(\.string)
        if parts.count == 1 {
            self = .artifact(artifact)
        } else if parts.count == 3, words[1] == "alias", let alias = words[2].flatMap({ try? Alias($0) }) {
            self = .alias(artifact, alias)
        } else if let number = words[1].flatMap({ VersionNumber(parsing: $0) }) {
            self.init(version: VersionName(artifact, number), Array(parts.dropFirst(2)))
        } else {
            return nil
        }
    }

    private init?(version name: VersionName, _ parts: [PathPart]) {
        guard let first = parts.first?.string else {
            guard parts.isEmpty else { return nil }
            self = .version(name, .overview)
            return
        }
        if parts.count == 1 {
            guard let tab = VersionTab(rawValue: first), tab != .overview else { return nil }
            self = .version(name, tab)
        } else {
            guard let path = PathPart.path(parts.dropFirst()) else { return nil }
            switch first {
            case "files": self = .file(name, path)
            case "download": self = .download(name, path)
            case "picture": self = .picture(name, path)
            default: return nil
            }
        }
    }

    private init?(run parts: [PathPart]) {
        guard let id = parts.first?.string.flatMap({ try? RunID($0) }) else { return nil }
        if parts.count == 1 {
            self = .run(id, .overview)
        } else if parts.count == 2, parts[1].string == "events" {
            self = .events(id)
        } else if parts.count == 2 {
            guard let tab = parts[1].string.flatMap(RunTab.init(rawValue:)), tab != .overview else {
                return nil
            }
            self = .run(id, tab)
        } else if parts[1].string == "image", let path = PathPart.path(parts.dropFirst(2)) {
            self = .image(id, path)
        } else {
            return nil
        }
    }
}
