/// The path of a file inside a version: components that git allows, joined by `/`.
///
/// Bytes, since Swift's strings are equal up to Unicode equivalence and files are not.
public struct ArtifactPath: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The components joined by `/`; never empty.
    public let bytes: [UInt8]

    /// Takes what a user wrote: `./` before it and `/` behind it mean nothing.
    ///
    /// - Throws: ``InvalidEntryName`` with the rule that a component breaks.
    public init(_ text: String) throws(InvalidEntryName) {
        var bytes = Array(text.utf8)[...]
        while bytes.starts(with: "./".utf8), bytes.count > 2 { bytes = bytes.dropFirst(2) }
        if bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
        try self.init(bytes: Array(bytes))
    }

    /// - Throws: ``InvalidEntryName`` with the rule that a component breaks.
    public init(bytes: [UInt8]) throws(InvalidEntryName) {
        guard bytes.first != UInt8(ascii: "/") else { throw InvalidEntryName(path: bytes, rule: .absolute) }
        for name in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            try EntryName.check(name, in: bytes)
        }
        self.bytes = bytes
    }

    /// Takes bytes that are known to be a path, such as one listed from a tree.
    package init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The names from the top folder to the file.
    public var components: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "/")) }

    /// Whether this is `prefix` itself or lies below it.
    public func isAtOrBelow(_ prefix: ArtifactPath) -> Bool {
        bytes.starts(with: prefix.bytes)
            && (bytes.count == prefix.bytes.count || bytes[prefix.bytes.count] == UInt8(ascii: "/"))
    }

    public var description: String { displayPath(bytes) }

    public static func < (lhs: ArtifactPath, rhs: ArtifactPath) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }
}
