import AmphoraObjects
import FoundationEssentials
import GRDB

/// A ref as the index remembers it.
struct KnownRef {
    enum Loose: Equatable {
        case absent
        /// Hides a packed ref, as it does from git.
        case unreadable
        case target(ObjectID)
    }

    var loose = Loose.absent
    var stamp = RefStamp.none
    var packed: ObjectID?

    var target: ObjectID? {
        switch loose {
        case .absent: packed
        case .unreadable: nil
        case .target(let id): id
        }
    }

    init() {}

    static let columns = "loose, inode, changed, packed"

    /// Reads the columns of ``columns``.
    init(_ row: Row, at column: Int) throws {
        loose = try row.withUnsafeData(atIndex: column) { data in
            data.map { ObjectID($0).map(Loose.target) ?? .unreadable } ?? .absent
        }
        if loose != .absent { stamp = RefStamp(row, at: column + 1) }
        packed = try row.withUnsafeData(atIndex: column + 3) { $0.flatMap { ObjectID($0) } }
    }

    /// The values of ``columns``.
    var values: [(any DatabaseValueConvertible)?] {
        let bytes: Data? =
            switch loose {
            case .absent: nil
            case .unreadable: Data()
            case .target(let id): id.data
            }
        return [bytes, stamp.inode, stamp.changed, packed?.data]
    }
}
