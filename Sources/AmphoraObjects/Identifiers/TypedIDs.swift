/// The ID of one kind of git object.
///
/// One wrapper per kind, so that a tree's ID cannot be passed where a commit's is due.
public protocol TypedObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The ID without its kind.
    var objectID: ObjectID { get }
    /// States that `objectID` names an object of this kind.
    init(_ objectID: ObjectID)
}

extension TypedObjectID {
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.objectID < rhs.objectID }

    /// The 40 lower-case hexadecimal digits.
    public var description: String { objectID.description }

    /// The first ten digits, for people.
    public var abbreviated: String { String(description.prefix(10)) }
}

/// The ID of a commit: of one version of an artifact, or of one save of a run.
public struct CommitID: TypedObjectID {
    public let objectID: ObjectID
    public init(_ objectID: ObjectID) { self.objectID = objectID }
}

/// The ID of a tree: of a folder, of a chunked file, or of one of its groups.
public struct TreeID: TypedObjectID {
    public let objectID: ObjectID
    public init(_ objectID: ObjectID) { self.objectID = objectID }

    /// The tree without entries, which every git knows.
    public static let empty = TreeID(
        ObjectID([
            0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60,
            0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb, 0xee, 0x49, 0x04,
        ]))
}

/// The ID of a blob: of a small file, or of one chunk of a large one.
public struct BlobID: TypedObjectID {
    public let objectID: ObjectID
    public init(_ objectID: ObjectID) { self.objectID = objectID }
}
