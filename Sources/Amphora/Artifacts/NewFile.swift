import AmphoraStore
import FoundationEssentials
import SystemPackage

/// A file being written for an artifact.
public struct NewFile: ~Copyable {
    private let path: FilePath
    private let descriptor: FileDescriptor

    init(at path: FilePath) throws {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw FileError("write", path, error)
        }
    }

    deinit { try? descriptor.close() }

    /// Appends bytes.
    public mutating func write(_ bytes: some Sequence<UInt8>) throws {
        do {
            try descriptor.writeAll(bytes)
        } catch {
            throw FileError("write", path, error)
        }
    }

    /// Appends text as UTF-8.
    public mutating func write(_ text: String) throws { try write(text.utf8) }

    /// The file as it is now; nobody else knows of it, so that it stays so.
    consuming func finish() throws -> SourceFile {
        SourceFile(path: path, status: try FileStatus(of: descriptor, at: path))
    }
}

extension FilePath {
    /// Where the system keeps temporary files.
    static var temporary: FilePath {
        FilePath(FileManager.default.temporaryDirectory.path(percentEncoded: false))
    }
}
