import GRDB
import SystemPackage

/// What changes whenever a folder of refs, or a file in it, does.
///
/// Whoever moves a ref renames a new file to its place. That changes the folder's times, and the file's inode
/// or time of change.
struct RefStamp: Equatable {
    let inode: Int64
    let changed: Int64

    /// The stamp of what changed too short a time ago, or cannot be relied on: no file has it.
    static let none = RefStamp(inode: -1, changed: 0)

    private init(inode: Int64, changed: Int64) {
        self.inode = inode
        self.changed = changed
    }

    init(_ status: FileStatus) {
        inode = Int64(bitPattern: status.inode)
        changed = Int64(status.changed)
    }

    /// - Parameters:
    ///   - status: The status.
    ///   - time: A time before it was taken. It may change once more without showing if it has changed within a
    ///     tick of that.
    init(_ status: FileStatus, lookedAt time: Int) {
        self = status.isRacy(at: time) ? .none : RefStamp(status)
    }

    /// Reads two columns of a row.
    init(_ row: Row, at column: Int) {
        inode = row[column]
        changed = row[column + 1]
    }
}
