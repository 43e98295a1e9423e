import Foundation

/// A folder for one test, removed at its end.
public final class Scratch: Sendable {
    public let path: String

    public init() throws {
        path =
            FileManager.default.temporaryDirectory.appending(path: "amphora-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of something in the folder.
    public func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, making the folders on its way, and returns its path.
    @discardableResult
    public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let url = URL(filePath: self(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    /// Writes a text file, making the folders on its way, and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    /// Writes a program, making the folders on its way, and returns its path.
    ///
    /// By another process: what this one has open for writing while a test beside it starts a process cannot be run.
    @discardableResult
    public func write(program name: String, _ text: String, mode: String = "755") throws -> String {
        let draft = try write("\(name).draft", text)
        let script = "cp \"$1.draft\" \"$1\" && rm \"$1.draft\" && chmod \(mode) \"$1\""
        let result = try run("/bin/sh", ["-c", script, "sh", self(name)], in: path)
        guard result.status == 0 else { throw ProgramUnwritten(path: draft, reason: result.error) }
        return self(name)
    }

    private struct ProgramUnwritten: Error {
        let path: String
        let reason: String
    }

    public func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: self(name))))
    }

    public func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }
}
