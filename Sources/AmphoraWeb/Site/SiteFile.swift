import Amphora

/// A file of a static site.
struct SiteFile: Hashable, Sendable, CustomStringConvertible {
    let place: Place
    /// Which part of a long table, from 1.
    var part = 1

    var description: String { path.map(\.encoded).joined(separator: "/") }

    /// Whether it is something of the store's, as it is.
    var isCopy: Bool {
        switch place {
        case .download, .picture, .image: true
        default: false
        }
    }

    /// Where it lies in the site's folder.
    ///
    /// What is copied lies beside the page of the file it is from, under a name that no web server takes for a page.
    var path: [PathPart] {
        switch place {
        case .asset: place.components
        case .download(let name, let path): Self.folder(.file(name, path)) + ["content.bin"]
        case .picture(let name, let path): Self.folder(.file(name, path)) + ["picture.png"]
        case .image: Self.folder(place) + ["picture.png"]
        default: Self.folder(place) + [part == 1 ? "index.html" : .text("page-\(part).html")]
        }
    }

    /// The address from another file of the site.
    func address(from origin: SiteFile) -> String {
        origin.path.dropLast().map { _ in "../" }.joined() + description
    }

    private static func folder(_ place: Place) -> [PathPart] {
        let parts = place.components
        // A path in a version may be longer than one on a disk.
        guard parts.count <= longest else {
            return parts.prefix(longest).map(\.fileName)
                + [.sign(of: parts.dropFirst(longest).flatMap { $0.bytes + [0] })]
        }
        return parts.map(\.fileName)
    }

    private static let longest = 24
}

extension PathPart {
    /// A name for a file, the same as the part if any system and web server takes it.
    fileprivate var fileName: PathPart {
        guard bytes.count <= 120, let string,
            string.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }),
            // Some web servers hide what begins with a dot or `_`.
            let first = string.first, !"=._".contains(first), string != "index.html",
            !string.hasPrefix("page-")
        else { return .sign(of: bytes) }
        return self
    }

    fileprivate static func sign(of bytes: some Sequence<UInt8>) -> PathPart { .text("=\(Sign.of(bytes))") }
}

extension Place {
    /// Whether static files can show it: what answers questions cannot.
    var isStatic: Bool {
        switch self {
        case .search, .comparison, .events, .alias, .api: false
        default: true
        }
    }
}
