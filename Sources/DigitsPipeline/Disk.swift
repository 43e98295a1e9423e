import Amphora
import FoundationEssentials

/// Reads and writes whole files.
enum Disk {
    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failed(action: "read", path: path)
        }
        return Array(data)
    }

    /// Makes the folders on the way too.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
            separator: "/")
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try Data(bytes).write(to: URL(filePath: path))
        } catch {
            throw Failed(action: "write", path: path)
        }
    }

    struct Failed: UserFacingError {
        let action: String
        let path: String
        var code: ErrorCode { .unavailable }
        var message: String { "cannot \(action) '\(path)'" }
    }
}
