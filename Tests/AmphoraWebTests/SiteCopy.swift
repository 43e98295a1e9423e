import Foundation

/// A static site, as whoever reads its files sees it.
struct SiteCopy {
    let folder: URL
    /// All paths in the folder, hidden files left out, sorted.
    let files: [String]

    init(_ path: String) throws {
        folder = URL(fileURLWithPath: path)
        files = try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue && !name.hasPrefix(".")
        }.sorted()
    }

    var pages: [String] { files.filter { $0.hasSuffix(".html") } }

    func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }

    /// Pairs of a page and an address in it that leads nowhere.
    func deadLinks() throws -> [String] {
        let known = Set(files)
        return try pages.flatMap { page in
            try links(of: page).filter { link in
                guard let target = link.target, known.contains(target) else { return true }
                guard let place = link.fragment else { return false }
                return try !text(target).contains("id=\"\(place)\"")
            }.map { "\(page): \($0.address)" }
        }
    }

    /// The pages that clicks lead to.
    func reachable(from start: String) throws -> Set<String> {
        var found: Set = [start]
        var waiting = [start]
        while let page = waiting.popLast() {
            for target in try links(of: page).compactMap(\.target) where target.hasSuffix(".html") {
                if found.insert(target).inserted { waiting.append(target) }
            }
        }
        return found
    }

    struct Link {
        let address: String
        /// The file, by its path in the site; `nil` if it is outside, or no file at all.
        let target: String?
        let fragment: String?
    }

    private func links(of page: String) throws -> [Link] {
        try text(page).matches(of: /(?:href|src|action)="([^"]*)"/).map { match in
            let address = String(match.1).replacing("&amp;", with: "&").replacing("&#39;", with: "'")
            let base = folder.appendingPathComponent(page)
            let url = URL(string: address, relativeTo: base)?.absoluteURL
            let root = folder.standardizedFileURL.path + "/"
            let path = url.flatMap { $0.query == nil ? $0.standardizedFileURL.path : nil } ?? ""
            return Link(
                address: address, target: path.hasPrefix(root) ? String(path.dropFirst(root.count)) : nil,
                fragment: url?.fragment)
        }
    }

    /// What a page says to who reads it, without what only servers can do.
    static func words(of html: String) -> String {
        html.replacing(/(?s).*<main/, with: "").replacing(/<[^>]*>/, with: " ").replacing(/\s+/, with: " ")
    }
}
