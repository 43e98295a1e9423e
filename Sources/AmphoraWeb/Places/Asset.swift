/// A file that pages need beside themselves.
enum Asset: String, CaseIterable, Sendable {
    case style = "amphora.css"
    case script = "amphora.js"
    case icon = "amphora.svg"

    var bytes: [UInt8] {
        switch self {
        case .style: PackageResources.amphora_css
        case .script: PackageResources.amphora_js
        case .icon: PackageResources.amphora_svg
        }
    }

    var mediaType: String {
        switch self {
        case .style: "text/css; charset=utf-8"
        case .script: "text/javascript; charset=utf-8"
        case .icon: "image/svg+xml"
        }
    }

    /// Its name with a sign of its content, so that it may be kept for ever.
    var fileName: String { "\(Self.signs[self] ?? "")-\(rawValue)" }

    init?(fileName: String) {
        guard let asset = Self.allCases.first(where: { $0.fileName == fileName }) else { return nil }
        self = asset
    }

    private static let signs = Dictionary(
        uniqueKeysWithValues: allCases.map {
            ($0, Sign.of($0.bytes))
        })
}
