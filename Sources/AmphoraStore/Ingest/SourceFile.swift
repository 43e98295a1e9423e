package import AmphoraObjects
import AmphoraPack
package import SystemPackage

/// A file as it was when it was added.
///
/// A class, for there may be hundreds of thousands in several lists.
package final class SourceFile: Sendable {
    package let path: FilePath
    package let status: FileStatus
    /// The content's blob ID, for a small file that changed so recently that its times prove nothing.
    let freshID: ObjectID?

    /// Remembers a regular file, or what a link to one points at.
    ///
    /// - Throws: ``FileError``; ``UnsuitableFile`` for a folder, device, socket or pipe.
    package convenience init(_ path: FilePath) throws {
        try self.init(path, FileStatus(of: path, followLinks: true))
    }

    /// Takes a status that shows every later change: see ``FileStatus/isRacy(at:)``.
    package init(path: FilePath, status: FileStatus) {
        self.path = path
        self.status = status
        freshID = nil
    }

    private init(_ path: FilePath, _ status: FileStatus) throws {
        guard status.kind == .file else { throw UnsuitableFile(path: path, isFolder: status.kind == .folder) }
        self.path = path
        guard status.isRacy(at: FileStatus.now()) else {
            self.status = status
            freshID = nil
            return
        }
        if status.byteCount < ChunkedFile.threshold {
            self.status = status
            let bytes = try FileReader(path).readAll(expecting: status)
            freshID = ObjectHasher.id(of: .blob, bytes)
        } else {
            // Hashing a large file twice costs more than waiting for the clock's next tick.
            Pause.sleep(nanoseconds: FileStatus.clockTick)
            self.status = try FileStatus(of: path, followLinks: true)
            freshID = nil
        }
    }

}

/// Something that cannot be kept as a file.
package struct UnsuitableFile: UserFacingError {
    let path: FilePath
    let isFolder: Bool

    package init(path: FilePath, isFolder: Bool) {
        self.path = path
        self.isFolder = isFolder
    }

    package var code: ErrorCode { .invalidArgument }
    package var message: String {
        isFolder
            ? "cannot add '\(path.displayed)' as a file: it is a folder"
            : "cannot add '\(path.displayed)': it is a socket, a pipe or a device"
    }
    package var hint: String? {
        isFolder ? nil : "Leave it out with `--exclude` or in `.amphoraignore`."
    }
}

/// A file that is no longer what it was when it was added.
package struct FileChanged: UserFacingError {
    let path: FilePath
    package var code: ErrorCode { .conflict }
    package var message: String { "'\(path.displayed)' changed after it was added, or while it was read" }
    package var hint: String? { "Wait until nothing writes to it any more, then run the command again." }
}
