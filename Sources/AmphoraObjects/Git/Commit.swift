import FoundationEssentials

/// The content of a commit object.
public struct Commit: Hashable, Sendable {
    public var treeID: TreeID
    public var parentIDs: [CommitID]
    public var author: Signature
    public var committer: Signature
    /// Ends in a newline.
    public var message: String

    public init(treeID: TreeID, parentIDs: [CommitID] = [], signature: Signature, message: String) {
        self.treeID = treeID
        self.parentIDs = parentIDs
        author = signature
        committer = signature
        self.message = message
    }

    /// The bytes that git hashes.
    package func encoded() -> [UInt8] {
        var text = "tree \(treeID)\n"
        for parentID in parentIDs { text += "parent \(parentID)\n" }
        text += "author \(author.encoded)\ncommitter \(committer.encoded)\n\n\(message)"
        return Array(text.utf8)
    }

    /// Reads a commit object.
    ///
    /// Headers that are not named here, such as a signature, are passed over.
    ///
    /// - Throws: ``MalformedObject`` if a header is missing or has another form.
    package init(decoding bytes: [UInt8]) throws(MalformedObject) {
        let malformed = { (what: String) in
            MalformedObject(kind: "commit", reason: "\(what) is missing or malformed")
        }
        // Split as bytes: a Swift string would take CR LF for one character.
        var headers: [(key: String, value: String)] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end != rest.startIndex {
            let line = rest[..<end]
            if let space = line.firstIndex(of: UInt8(ascii: " ")) {
                let value = line[(space + 1)...]
                headers.append(
                    (String(decoding: line[..<space], as: UTF8.self), String(decoding: value, as: UTF8.self)))
            }
            rest = rest[(end + 1)...]
        }
        func value(_ key: String) -> String? { headers.first { $0.key == key }?.value }
        guard let tree = value("tree").flatMap({ try? ObjectID(hex: $0) }) else {
            throw malformed("the tree")
        }
        guard let author = value("author").flatMap({ Signature(decoding: $0) }) else {
            throw malformed("the author")
        }
        guard let committer = value("committer").flatMap({ Signature(decoding: $0) }) else {
            throw malformed("the committer")
        }
        treeID = TreeID(tree)
        parentIDs = try headers.filter { $0.key == "parent" }.map { header throws(MalformedObject) in
            guard let id = try? ObjectID(hex: header.value) else { throw malformed("a parent") }
            return CommitID(id)
        }
        self.author = author
        self.committer = committer
        message = String(decoding: rest.dropFirst(), as: UTF8.self)
    }

    /// The commit that every store holds, so that git finds common ground between parentless versions.
    ///
    /// Author and committer `amphora <amphora@localhost>` at time 0: the same ID everywhere.
    public static let root = Commit(
        treeID: .empty,
        signature: Signature(
            name: "amphora", email: "amphora@localhost", date: .init(timeIntervalSince1970: 0)),
        message: "amphora store\n")
}
