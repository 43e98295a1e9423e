import AmphoraGit
import AmphoraObjects
import AmphoraPack
import Foundation
import Synchronization
import SystemPackage
import TestSupport

@testable import AmphoraStore

/// A bare repository and room for files beside it.
final class TestStore: Sendable {
    let scratch: Scratch
    let pool: RepositoryPool
    let writer: PackingObjectWriter

    init() throws {
        scratch = try Scratch()
        try TestSupport.git("init", "--quiet", "--bare", "store.git", in: scratch.path)
        pool = try RepositoryPool(path: scratch("store.git"))
        writer = PackingObjectWriter(pool)
    }

    /// Runs git in the repository and returns its output without the last newline.
    @discardableResult
    func git(_ arguments: String..., input: String? = nil) throws -> String {
        let result = try run("git", arguments, in: scratch("store.git"), input: input)
        guard result.status == 0 else { throw GitFailed(arguments: arguments, output: result.error) }
        return String(result.output.dropLast(result.output.hasSuffix("\n") ? 1 : 0))
    }

    func treeID(_ rows: String...) throws -> TreeID {
        try TreeID(ObjectID(hex: git("mktree", "--missing", input: rows.map { "\($0)\n" }.joined())))
    }

    func path(_ name: String) -> FilePath { FilePath(scratch(name)) }

    /// Stores a file of these bytes.
    func store(_ bytes: [UInt8], isExecutable: Bool = false) throws -> StoredFile {
        let path = try scratch.write("to-store-\(UUID().uuidString)", bytes)
        if isExecutable { try makeExecutable(path) }
        let source = try SourceFile(
            path: FilePath(path), status: FileStatus(of: FilePath(path), followLinks: true))
        let stored = try FileIngester(writer).ingest(source)
        try writer.finish()
        return stored
    }

    /// A tree of these files, and the list of them.
    func tree(_ files: [String: [UInt8]], executable: Set<String> = []) throws -> (
        id: TreeID, files: [TreeFile]
    ) {
        let edit = TreeEdit(
            puts: try files.map { path, bytes in
                (Array(path.utf8), try store(bytes, isExecutable: executable.contains(path)))
            })
        return try pool.with { repository in
            let id = try edit.apply(in: repository, writing: writer).treeID
            try writer.finish()
            return (id, try FileTree(repository).files(in: id))
        }
    }
}

/// The real git failed where it must not.
struct GitFailed: Error {
    let arguments: [String]
    let output: String
}

func makeExecutable(_ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
}

func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
}

/// Keeps objects in memory, in the order in which they came.
final class MemoryWriter: ObjectWriter {
    private let objects = Mutex<[(id: ObjectID, kind: ObjectKind, bytes: [UInt8])]>([])

    func write(_ bytes: UnsafeRawBufferPointer, as kind: ObjectKind) throws -> ObjectID {
        let bytes = Array(bytes)
        let id = ObjectHasher.id(of: kind, bytes)
        objects.withLock { $0.append((id, kind, bytes)) }
        return id
    }

    func finish() throws {}

    var blobs: [[UInt8]] { objects.withLock { $0.filter { $0.kind == .blob }.map(\.bytes) } }

    func tree(_ id: ObjectID) throws -> Tree? {
        let bytes = objects.withLock { $0.first { $0.id == id && $0.kind == .tree }?.bytes }
        return try bytes.map { try Tree(decoding: $0) }
    }
}
