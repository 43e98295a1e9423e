import AmphoraGit
public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// A file of a version.
public struct VersionFile: Sendable, Hashable {
    public let path: ArtifactPath
    /// Length in bytes; `nil` for a small file that is not here yet.
    public let byteCount: Int?
    public let isExecutable: Bool
    /// The blob, or the tree of a chunked file.
    public let id: ObjectID
    /// SHA-256 of the content, for a chunked file.
    public let sha256: String?

    /// Whether all of the file is in the store: one that was cloned light has a file when it was first needed.
    public let isHere: Bool

    /// Whether the file is kept in chunks.
    public var isChunked: Bool { sha256 != nil }
}

extension Version {
    /// Lists the files; their content need not be here.
    ///
    /// - Parameter prefixes: Files and folders to list; empty for all.
    /// - Returns: The files, in the order of git's trees.
    /// - Throws: ``VersionDamaged``; ``ContentAbsent``; if a prefix names nothing, an error that says so.
    public func files(below prefixes: [String] = []) throws -> [VersionFile] {
        let files = try treeFiles(below: prefixes, needing: .listing)
        let listed = try list(files)
        // Another process may have brought more since the packs were last looked at.
        guard listed.contains(where: { !$0.isHere }), store.pool.refresh() else { return listed }
        return try list(files)
    }

    private func list(_ files: [TreeFile]) throws -> [VersionFile] {
        try store.pool.with { repository in
            let isPartial = repository.isPartial
            return try files.map { file in
                let sha256: String? =
                    if case .chunked(_, let marker) = file.content { marker.sha256 } else { nil }
                return try reading(file.path) {
                    VersionFile(
                        path: file.path,
                        byteCount: try file.byteCount(in: repository, mayBeMissing: isPartial),
                        isExecutable: file.isExecutable, id: file.id, sha256: sha256,
                        isHere: try !isPartial || file.isHere(in: repository))
                }
            }
        }
    }

    /// Hands out the content of one file piece by piece, verified.
    ///
    /// - Parameters:
    ///   - path: The file's path in the version.
    ///   - range: The bytes that are wanted, if not all are; what is behind the file's end is left out.
    ///   - body: Gets bytes that are valid only during the call.
    /// - Throws: ``VersionDamaged``; ``ContentAbsent``; if there is no such file, an error that says so; what
    ///   `body` throws.
    public func read(
        _ path: String, in range: Range<Int>? = nil, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let wanted = try ArtifactPath(path)
        guard let file = try treeFiles(below: [path], needing: .content).first(where: { $0.path == wanted })
        else {
            throw UnsuitablePath(path: path, version: name)
        }
        try reading(file.path) {
            try store.pool.with { repository in
                let tree = FileTree(repository)
                guard let range else { return try tree.read(file, body) }
                try tree.read(file, in: range, body)
            }
        }
    }

    /// The content of one file.
    public func read(_ path: String) throws -> [UInt8] {
        var content: [UInt8] = []
        try read(path) { content.append(contentsOf: $0) }
        return content
    }

    /// Lists the files when as much of them is here as `extent` says.
    func treeFiles(below prefixes: [String], needing extent: ContentNeed.Extent) throws -> [TreeFile] {
        let paths = try prefixes.map { try ArtifactPath($0) }
        try store.require([ContentNeed(self, paths: paths, extent)])
        return try treeFiles(below: paths)
    }

    func treeFiles(below paths: [ArtifactPath] = []) throws -> [TreeFile] {
        let files = try reading { try store.pool.with { try FileTree($0).files(in: treeID, below: paths) } }
        for path in paths where !files.contains(where: { $0.path.isAtOrBelow(path) }) {
            throw PathNotFound(path: path.bytes)
        }
        return files
    }

    /// Names this version, and the file if it is known, in what goes wrong in `body`.
    func reading<Result>(_ path: ArtifactPath? = nil, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            guard error is any ContentProblem || error is InvalidEntryName else { throw error }
            throw store.absence(of: .version(name), error)
                ?? VersionDamaged(name: name, path: path, cause: error)
        }
    }
}

/// A folder where a file was asked for.
struct UnsuitablePath: UserFacingError {
    let path: String
    let version: VersionName
    var code: ErrorCode { .invalidArgument }
    var message: String { "'\(path)' is a folder in \(version), not a file" }
    var hint: String? { "`amphora files \(version)` lists the files." }
}
