package import AmphoraGit
package import AmphoraObjects
package import AmphoraPack

/// The objects that an object names.
///
/// Looks only at what is needed for that: a commit whose author nobody can read holds its files all the same.
package enum ObjectLinks {
    package typealias Link = (id: ObjectID, kind: ObjectKind?)

    /// What an object names that is here.
    ///
    /// - Throws: ``MissingObject``, ``DamagedObject`` or ``MalformedObject``.
    package static func links(of id: ObjectID, in repository: Repository) throws -> [Link] {
        let kind = try repository.kind(of: id)
        return kind == .blob ? [] : try links(in: repository.read(id, as: kind), kind)
    }

    /// - Parameters:
    ///   - bytes: The content of a tree, commit or tag; a blob names nothing.
    ///   - kind: Which it is.
    /// - Returns: In the order in which they are named; what lies in other repositories is left out.
    /// - Throws: ``MalformedObject``.
    package static func links(in bytes: [UInt8], _ kind: ObjectKind) throws(MalformedObject) -> [Link] {
        switch kind {
        case .blob: return []
        case .tree:
            return try Tree(decoding: bytes).entries.compactMap { entry in
                switch entry.mode {
                case .directory: (entry.id, .tree)
                case .file, .executable, .link: (entry.id, .blob)
                case .submodule: nil
                }
            }
        case .commit:
            let headers = headers(of: bytes)
            guard headers.first?.key == "tree" else {
                throw MalformedObject(kind: "commit", reason: "the tree is missing or malformed")
            }
            return try headers.prefix { $0.key == "tree" || $0.key == "parent" }.map {
                header throws(MalformedObject) in
                guard let id = try? ObjectID(hex: header.value) else {
                    throw MalformedObject(kind: "commit", reason: "the \(header.key) is malformed")
                }
                return (id, header.key == "tree" ? .tree : .commit)
            }
        case .tag:
            guard let target = targetOfTag(bytes) else {
                throw MalformedObject(kind: "tag", reason: "it names no object")
            }
            return [target]
        }
    }

    /// What an annotated tag stands for; `nil` if it is malformed.
    static func targetOfTag(_ bytes: [UInt8]) -> Link? {
        let headers = headers(of: bytes)
        guard headers.count >= 2, headers[0].key == "object", headers[1].key == "type",
            let id = try? ObjectID(hex: headers[0].value), let kind = ObjectKind(rawValue: headers[1].value)
        else { return nil }
        return (id, kind)
    }

    private static func headers(of bytes: [UInt8]) -> [(key: String, value: String)] {
        var headers: [(key: String, value: String)] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let space = line.firstIndex(of: UInt8(ascii: " ")), !line.isEmpty else { break }
            headers.append(
                (
                    String(decoding: line[..<space], as: UTF8.self),
                    String(decoding: line[(space + 1)...], as: UTF8.self)
                ))
        }
        return headers
    }
}
