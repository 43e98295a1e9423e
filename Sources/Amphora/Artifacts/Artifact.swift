public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// An artifact's next version while it is put together: files, and what is said about them.
///
/// Nothing is in the store before ``Run/log(_:aliases:progress:)``. The version then holds what each file
/// held when it was added, or logging fails and names the file that has changed since.
public struct Artifact: Sendable {
    /// The artifact's name and type, checked when it is logged.
    public let name: String
    public let type: String
    /// What people are told about this version; its first line is the commit's subject.
    public var description: String?
    /// Facts about this version for programs: finite numbers only, at most 1 MiB as text.
    public var metadata: [String: JSONValue]

    /// The version that this one changes, if it is incremental.
    let base: Version?
    private(set) var files: [[UInt8]: SourceFile] = [:]
    private(set) var removals: [[UInt8]: TreeEdit.Removal] = [:]
    private var spool: TemporaryFolder?

    /// Links left out of added folders because of `LinkPolicy.skip`.
    public private(set) var skippedLinkCount = 0
    /// `.git` folders and stores left out of added folders, by their paths there.
    public private(set) var skippedRepositories: [String] = []

    /// Begins a version without files.
    ///
    /// - Parameters:
    ///   - name: The artifact's name.
    ///   - type: Its type, such as `dataset`; the same for all versions.
    ///   - description: For people.
    ///   - metadata: For programs.
    public init(
        name: String, type: String, description: String? = nil, metadata: [String: JSONValue] = [:]
    ) {
        self.name = name
        self.type = type
        self.description = description
        self.metadata = metadata
        base = nil
    }

    /// Begins a version that has the files of another one, which need not be on this disk.
    ///
    /// - Parameters:
    ///   - version: Gives all that is not given here.
    ///   - name: The artifact's name, if it is to be another one.
    ///   - type: The artifact's type, if it is to be another one.
    ///   - description: Replaces the description.
    ///   - metadata: Replaces the metadata.
    public init(
        basedOn version: Version, name: String? = nil, type: String? = nil, description: String? = nil,
        metadata: [String: JSONValue]? = nil
    ) {
        self.name = name ?? version.name.artifact.rawValue
        self.type = type ?? version.type.rawValue
        self.description = description ?? version.note
        self.metadata = metadata ?? version.metadata
        base = version
    }

    /// Adds an existing file.
    ///
    /// - Parameters:
    ///   - path: The file, or a link to it.
    ///   - name: Its path in the version; `nil` takes the file's own name.
    /// - Throws: If there is no such file, it is no regular file, or the path is not allowed or taken.
    public mutating func addFile(_ path: String, as name: String? = nil) throws {
        let file = FilePath(path)
        guard let last = file.lastComponent else { throw UnsuitableFile(path: file, isFolder: true) }
        let target = try ArtifactPath(bytes: name.map { Array($0.utf8) } ?? FilePath(root: nil, [last]).bytes)
        try put(SourceFile(file), at: target.bytes)
    }

    /// Adds a file that is written here and now.
    ///
    /// - Parameters:
    ///   - name: Its path in the version.
    ///   - body: Writes the content.
    /// - Throws: What `body` throws, and if the path is not allowed or taken; nothing is added then.
    public mutating func addNewFile(_ name: String, _ body: (inout NewFile) throws -> Void) throws {
        let target = try ArtifactPath(name)
        let spool = try spool ?? TemporaryFolder(in: .temporary, prefix: "amphora-new-")
        self.spool = spool
        // Not a running number: copies of this artifact share the folder.
        let path = spool.path.appending("\(UInt64.random(in: 0 ... .max))")
        var file = try NewFile(at: path)
        try body(&file)
        try put(file.finish(), at: target.bytes)
    }

    /// Adds the files below a folder, with the folders' names; empty folders are not kept.
    ///
    /// Leaves out what `.amphoraignore` says, in this folder or one below it, by the rules of
    /// gitignore(5); `.git` folders; stores.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - name: The folder in the version to put them in; `nil` puts them at its top.
    ///   - links: What to do with symbolic links.
    ///   - excluding: More patterns to leave out, relative to the folder.
    /// - Throws: If a link, a special file, an unreadable file or a name is not allowed; nothing is
    ///   added then.
    public mutating func addDirectory(
        _ path: String, as name: String? = nil, links: LinkPolicy = .inside, excluding: [String] = []
    ) throws {
        let prefix = try name.map { try ArtifactPath($0).bytes + [UInt8(ascii: "/")] } ?? []
        var excludes = IgnoreRules()
        for pattern in excluding { excludes.add(pattern: pattern) }
        let content = try FolderWalk.content(of: FilePath(path), links: links, excludes: excludes)
        for (path, _) in content.files { try checkFree(prefix + path) }
        files.reserveCapacity(files.count + content.files.count)
        for (path, source) in content.files { files[prefix + path] = source }
        skippedLinkCount += content.skippedLinkCount
        skippedRepositories += content.skippedRepositories.map { displayPath($0) }
    }

    /// Takes out a file, or all below a folder, whether it was added here or comes from the base.
    ///
    /// - Throws: If there is nothing of that name; with a base, that shows when the version is logged.
    public mutating func remove(_ name: String) throws {
        let path = try ArtifactPath(name)
        let added = files.keys.filter { ArtifactPath(unchecked: $0).isAtOrBelow(path) }
        for key in added { files[key] = nil }
        if base != nil {
            removals[path.bytes] = added.isEmpty ? .required : .ifPresent
        } else if added.isEmpty {
            throw PathNotFound(path: path.bytes)
        }
    }

    /// What is needed of the base: how long what goes from it was.
    var contentNeed: ContentNeed? {
        let paths = [files.keys.map { $0 }, removals.keys.map { $0 }].joined()
        return base.map {
            ContentNeed(
                $0, paths: paths.map { ArtifactPath(unchecked: $0) }, paths.isEmpty ? .listing : .lengths)
        }
    }

    /// Whether there is nothing to log.
    public var isEmpty: Bool { base == nil && files.isEmpty }

    private mutating func put(_ file: SourceFile, at path: [UInt8]) throws {
        try checkFree(path)
        files[path] = file
    }

    private func checkFree(_ path: [UInt8]) throws {
        if let other = files[path] { throw PathTaken(path: path, by: other.path) }
    }
}

/// Two files added under one path.
struct PathTaken: UserFacingError {
    let path: [UInt8]
    let by: FilePath
    var code: ErrorCode { .alreadyExists }
    var message: String { "cannot add '\(displayPath(path))' twice: it is '\(by.displayed)' already" }
    var hint: String? { "Add one of them under another path, or remove the first." }
}
