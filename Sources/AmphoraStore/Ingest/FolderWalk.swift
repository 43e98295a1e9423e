package import AmphoraObjects
package import SystemPackage

/// What was found in a folder that is added.
package struct FolderContent: Sendable {
    /// Each file with its path below the folder, sorted by bytes within each folder.
    package var files: [(path: [UInt8], source: SourceFile)] = []
    /// Links left out because of ``LinkPolicy/skip``.
    package var skippedLinkCount = 0
    /// Paths of `.git` entries, and of stores, that were left out.
    package var skippedRepositories: [[UInt8]] = []
}

/// Finds the files below a folder, by the rules of `Docs/Format.md`.
package struct FolderWalk {
    /// The file in any folder that says what to leave out, with the rules of gitignore(5).
    package static let ignoreFileName = Array(".amphoraignore".utf8)

    private let root: FilePath
    private let realRoot: [UInt8]
    private let links: LinkPolicy
    private let excludes: IgnoreRules
    private var content = FolderContent()
    private var racyFiles: [Int] = []

    private init(_ root: FilePath, links: LinkPolicy, excludes: IgnoreRules) throws {
        self.root = root
        self.links = links
        self.excludes = excludes
        realRoot = try root.resolved().bytes
    }

    /// Lists what is to be kept of `root`.
    ///
    /// - Parameters:
    ///   - root: A folder, or a link to one.
    ///   - links: What to do with links below it.
    ///   - excludes: Patterns relative to `root`; each folder's `.amphoraignore` counts besides.
    /// - Returns: The files, and what was left out.
    /// - Throws: ``FileError``, ``UnsuitableFile``, ``UnsuitableLink`` or ``InvalidEntryName``.
    package static func content(
        of root: FilePath, links: LinkPolicy = .inside, excludes: IgnoreRules = IgnoreRules()
    ) throws -> FolderContent {
        var walk = try FolderWalk(root, links: links, excludes: excludes)
        let status = try FileStatus(of: root, followLinks: true)
        try walk.visit(folder: [], ancestors: [Identity(status)], rules: IgnoreRules())
        try walk.settleRacyFiles()
        return walk.content
    }

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
        }
    }

    private mutating func visit(folder: [UInt8], ancestors: Set<Identity>, rules: IgnoreRules) throws {
        let path = root.appending(bytes: folder)
        let names = try path.folderEntries()
        var rules = rules
        if names.contains(Self.ignoreFileName) {
            let file = path.appending(bytes: Self.ignoreFileName)
            let status = try FileStatus(of: file, followLinks: true)
            if status.kind == .file {
                rules.add(file: try FileReader(file).readAll(expecting: status), in: folder)
            }
        }
        for name in names {
            try visit(name, in: folder, ancestors: ancestors, rules: rules)
        }
    }

    private mutating func visit(
        _ name: [UInt8], in folder: [UInt8], ancestors: Set<Identity>, rules: IgnoreRules
    ) throws {
        let relative = folder.isEmpty ? name : folder + [UInt8(ascii: "/")] + name
        let path = root.appending(bytes: relative)
        var status = try FileStatus(of: path, followLinks: false)
        func isIgnored(_ isFolder: Bool) -> Bool {
            excludes.isIgnored(relative, isDirectory: isFolder)
                || rules.isIgnored(relative, isDirectory: isFolder)
        }
        if status.kind == .link {
            guard !isIgnored(false) else { return }
            guard links != .skip else { return content.skippedLinkCount += 1 }
            status = try follow(path)
        }
        guard !isIgnored(status.kind == .folder), !name.starts(with: PartialFolder.prefix.utf8) else {
            return
        }
        if name == Array(".git".utf8) || (status.kind == .folder && path.isStore) {
            content.skippedRepositories.append(relative)
            return
        }
        try EntryName.check(name[...], in: relative)
        switch status.kind {
        case .folder:
            let identity = Identity(status)
            guard !ancestors.contains(identity) else { throw UnsuitableLink(path: path, problem: .circular) }
            try visit(folder: relative, ancestors: ancestors.union([identity]), rules: rules)
        case .file:
            if status.isRacy(at: FileStatus.now()) { racyFiles.append(content.files.count) }
            content.files.append((relative, SourceFile(path: path, status: status)))
        case .link, .special:
            throw UnsuitableFile(path: path, isFolder: false)
        }
    }

    /// The status of what the link points at, if the policy lets it be followed.
    private func follow(_ link: FilePath) throws -> FileStatus {
        let target: [UInt8]
        do {
            target = try link.resolved().bytes
        } catch {
            switch error.errno {
            case .tooManySymbolicLinkLevels: throw UnsuitableLink(path: link, problem: .circular)
            case .noSuchFileOrDirectory, .notDirectory: throw UnsuitableLink(path: link, problem: .dangling)
            default: throw error
            }
        }
        let prefix = realRoot.last == UInt8(ascii: "/") ? realRoot : realRoot + [UInt8(ascii: "/")]
        guard links == .follow || target == realRoot || target.starts(with: prefix) else {
            throw UnsuitableLink(path: link, problem: .leaves(FilePath(bytes: target)))
        }
        return try FileStatus(of: link, followLinks: true)
    }

    /// Looks again, after a clock tick, at files that changed just before they were seen: from then on
    /// their status shows any change.
    private mutating func settleRacyFiles() throws {
        guard !racyFiles.isEmpty else { return }
        Pause.sleep(nanoseconds: FileStatus.clockTick)
        for index in racyFiles {
            let (relative, source) = content.files[index]
            let status = try FileStatus(of: source.path, followLinks: true)
            guard status.kind == .file else { throw FileChanged(path: source.path) }
            content.files[index] = (relative, SourceFile(path: source.path, status: status))
        }
    }
}

/// A link that cannot be followed.
package struct UnsuitableLink: UserFacingError, Equatable {
    enum Problem: Equatable {
        case dangling, circular
        case leaves(FilePath)
    }

    let path: FilePath
    let problem: Problem

    package var code: ErrorCode { .invalidArgument }

    package var message: String {
        switch problem {
        case .dangling: "the link '\(path.displayed)' points at nothing"
        case .circular: "the link '\(path.displayed)' leads in a circle"
        case .leaves(let target):
            "the link '\(path.displayed)' leads out of the folder, to '\(target.displayed)'"
        }
    }

    package var hint: String? {
        switch problem {
        case .leaves: "Use `--links follow` to keep what it points at, or `--links skip` to leave links out."
        case .dangling, .circular:
            "Use `--links skip` to leave links out, or exclude this one with `--exclude`."
        }
    }
}
