package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What stat(2) says of a file: enough to notice that it changed.
package struct FileStatus: Hashable, Sendable {
    package enum Kind: Sendable {
        case file, folder, link, special
    }

    package let kind: Kind
    package let isExecutable: Bool
    /// Length in bytes.
    package let byteCount: Int
    /// Time of the last change of the content, in nanoseconds since 1970.
    package let modified: Int
    /// Time of the last change of content, name or attributes, in nanoseconds since 1970.
    package let changed: Int
    package let device: UInt64
    package let inode: UInt64

    private init(_ info: stat) {
        kind =
            switch info.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .special
            }
        isExecutable = info.st_mode & S_IXUSR != 0
        byteCount = Int(info.st_size)
        #if canImport(Darwin)
        modified = info.st_mtimespec.tv_sec * 1_000_000_000 + info.st_mtimespec.tv_nsec
        changed = info.st_ctimespec.tv_sec * 1_000_000_000 + info.st_ctimespec.tv_nsec
        #else
        modified = info.st_mtim.tv_sec * 1_000_000_000 + info.st_mtim.tv_nsec
        changed = info.st_ctim.tv_sec * 1_000_000_000 + info.st_ctim.tv_nsec
        #endif
        device = UInt64(truncatingIfNeeded: info.st_dev)
        inode = UInt64(info.st_ino)
    }

    /// The status of what lies at `path`; with `followLinks` a link stands for what it points at.
    package init(of path: FilePath, followLinks: Bool) throws(FileError) {
        var info = stat()
        let status = path.withPlatformString { followLinks ? stat($0, &info) : lstat($0, &info) }
        guard status == 0 else { throw FileError("look at", path, errno) }
        self.init(info)
    }

    /// The status of an open file; `path` is for messages.
    package init(of descriptor: FileDescriptor, at path: FilePath) throws(FileError) {
        var info = stat()
        guard fstat(descriptor.rawValue, &info) == 0 else { throw FileError("look at", path, errno) }
        self.init(info)
    }

    /// The status of a name in an open folder, links not followed, or `nil` if there is none.
    package init?(of name: FilePath, in folder: FileDescriptor) {
        guard let status = name.withPlatformString({ FileStatus(of: $0, in: folder) }) else { return nil }
        self = status
    }

    /// The status of a name, or with `followLinks` of what it points at, in an open folder.
    init?(of name: UnsafePointer<CChar>, in folder: FileDescriptor, followLinks: Bool = false) {
        var info = stat()
        guard fstatat(folder.rawValue, name, &info, followLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else {
            return nil
        }
        self.init(info)
    }

    /// The same for a name in bytes, without NUL.
    init?(of name: [UInt8], in folder: FileDescriptor) {
        var info = stat()
        let status = withUnsafeTemporaryAllocation(of: CChar.self, capacity: name.count + 1) { buffer in
            for index in name.indices { buffer[index] = CChar(bitPattern: name[index]) }
            buffer[name.count] = 0
            return buffer.baseAddress.map { fstatat(folder.rawValue, $0, &info, AT_SYMLINK_NOFOLLOW) } ?? -1
        }
        guard status == 0 else { return nil }
        self.init(info)
    }

    /// Length of a file system's clock tick, in nanoseconds, with room to spare.
    ///
    /// Two changes within one tick have the same times. So a status says that a file is unchanged only
    /// if it was taken this long after the file's last change.
    package static let clockTick = 20_000_000

    /// Whether the file may change once more without its status changing.
    package func isRacy(at time: Int) -> Bool { time - changed < Self.clockTick }

    /// The time in nanoseconds since 1970, by the clock that file times come from.
    package static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
