/// What an entry of a tree is.
public enum EntryMode: Hashable, Sendable {
    case file, executable, directory
    /// A symbolic link. Amphora writes none; git may.
    case link
    /// A commit of another repository. Amphora writes none; git may.
    case submodule

    /// The octal digits in a tree object, without leading zeros as fsck asks.
    package var digits: StaticString {
        switch self {
        case .file: "100644"
        case .executable: "100755"
        case .directory: "40000"
        case .link: "120000"
        case .submodule: "160000"
        }
    }

    /// Reads the digits; `100664`, which old versions of git wrote, is a file.
    package init?(digits: some Collection<UInt8>) {
        switch String(decoding: digits, as: UTF8.self) {
        case "100644", "100664": self = .file
        case "100755": self = .executable
        case "40000", "040000": self = .directory
        case "120000": self = .link
        case "160000": self = .submodule
        default: return nil
        }
    }
}

/// One entry of a tree.
public struct TreeEntry: Hashable, Sendable {
    public let name: [UInt8]
    public let mode: EntryMode
    public let id: ObjectID

    public init(name: [UInt8], mode: EntryMode, id: ObjectID) {
        self.name = name
        self.mode = mode
        self.id = id
    }

    /// Git's order: by bytes, folders as if their names ended in `/`.
    package static func precedes(_ lhs: TreeEntry, _ rhs: TreeEntry) -> Bool {
        let common = min(lhs.name.count, rhs.name.count)
        for index in 0..<common where lhs.name[index] != rhs.name[index] {
            return lhs.name[index] < rhs.name[index]
        }
        return lhs.sortByte(at: common) < rhs.sortByte(at: common)
    }

    private func sortByte(at index: Int) -> UInt8 {
        if index < name.count { return name[index] }
        return mode == .directory && index == name.count ? UInt8(ascii: "/") : 0
    }
}

/// The content of a tree object, in git's order.
public struct Tree: Hashable, Sendable {
    public let entries: [TreeEntry]

    /// - Parameter entries: In any order; names are unique.
    public init(_ entries: [TreeEntry]) { self.entries = entries.sorted(by: TreeEntry.precedes) }

    /// The bytes that git hashes: for each entry mode, space, name, NUL and 20 bytes of ID.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.name.count + 28 })
        for entry in entries {
            bytes.append(
                contentsOf: UnsafeBufferPointer(
                    start: entry.mode.digits.utf8Start, count: entry.mode.digits.utf8CodeUnitCount))
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: entry.name)
            bytes.append(0)
            entry.id.append(to: &bytes)
        }
        return bytes
    }

    /// Reads a tree object.
    ///
    /// - Throws: ``MalformedObject`` if it breaks off or holds an unknown mode.
    package init(decoding bytes: [UInt8]) throws(MalformedObject) {
        var entries: [TreeEntry] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                let end = rest[space...].firstIndex(of: 0), end + ObjectID.byteCount < rest.endIndex,
                let mode = EntryMode(digits: rest[..<space])
            else { throw MalformedObject(kind: "tree", reason: "entry \(entries.count) is malformed") }
            let id = ObjectID(rest, at: end + 1 - rest.startIndex)
            entries.append(TreeEntry(name: Array(rest[(space + 1)..<end]), mode: mode, id: id))
            rest = rest[(end + 1 + ObjectID.byteCount)...]
        }
        self.entries = entries
    }

    /// The entry of this name, or `nil`.
    ///
    /// - Complexity: O(*n*): the order depends on the mode, which a caller does not know.
    public subscript(name: [UInt8]) -> TreeEntry? { entries.first { $0.name == name } }
}

/// A git object that does not have the form it must have.
package struct MalformedObject: ContentProblem, Equatable {
    let kind: String
    let reason: String

    package init(kind: String, reason: String) {
        self.kind = kind
        self.reason = reason
    }

    package var code: ErrorCode { .corrupt }
    package var message: String { "malformed \(kind): \(reason)" }
}
