/// How pages name each other's addresses.
enum Links: Sendable {
    /// A server answers.
    case live
    /// Files lie in folders: addresses are relative to the page at this place, and name the file, so that a double click will do.
    case files(from: Place)

    /// The address of a place.
    func callAsFunction(_ place: Place, _ query: Query = Query()) -> String {
        switch self {
        case .live: place.path + query.text
        case .files(let origin):
            origin.file.dropLast().map { _ in "../" }.joined()
                + place.file.map(\.encoded).joined(separator: "/")
        }
    }

    var isLive: Bool {
        if case .live = self { true } else { false }
    }
}

extension Place {
    /// The file that holds the place among static files.
    var file: [PathPart] {
        switch self {
        case .download, .picture, .image, .asset: components
        default: components + ["index.html"]
        }
    }
}
