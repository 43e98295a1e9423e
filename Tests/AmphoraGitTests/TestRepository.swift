import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import TestSupport

/// A bare repository made by the real git, in a folder of its own.
final class TestRepository: Sendable {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try TestSupport.git("init", "--quiet", "--bare", in: scratch.path)
    }

    var path: String { scratch.path }

    func open() throws -> Repository { try Repository(path: path) }

    /// Runs git there and returns its output without the last newline.
    @discardableResult
    func git(_ arguments: String..., input: String? = nil) throws -> String {
        let result = try run("git", arguments, in: path, input: input)
        guard result.status == 0 else {
            throw GitFailed(arguments: arguments, output: result.error)
        }
        return String(result.output.dropLast(result.output.hasSuffix("\n") ? 1 : 0))
    }

    /// The IDs of commits without parents, which differ in their messages.
    func commits(_ count: Int) throws -> [ObjectID] {
        let treeID = try git("hash-object", "-w", "-t", "tree", "/dev/null")
        return try (0..<count).map { try ObjectID(hex: git("commit-tree", treeID, input: "commit \($0)\n")) }
    }

    func blob(_ text: String) throws -> ObjectID {
        try ObjectID(hex: git("hash-object", "-w", "--stdin", input: text))
    }

    func loosePath(_ id: ObjectID) -> String {
        "objects/\(id.description.prefix(2))/\(id.description.dropFirst(2))"
    }
}

/// The real git failed where it must not.
struct GitFailed: Error {
    let arguments: [String]
    let output: String
}

extension Repository {
    /// Writes a loose object the simplest way.
    func write(_ bytes: [UInt8], as kind: ObjectKind) throws -> ObjectID {
        let id = ObjectHasher.id(of: kind, bytes)
        let folder = "\(path)objects/\(id.description.prefix(2))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = bytes.withUnsafeBytes { LooseObject.file(kind, $0, with: AdaptiveDeflater()) }
        try Data(file).write(to: URL(filePath: "\(folder)/\(id.description.dropFirst(2))"), options: .atomic)
        return id
    }
}
