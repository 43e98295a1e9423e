package import AmphoraObjects
package import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What was found in a folder that is added.
package struct FolderContent: Sendable {
    /// Each file with its path below the folder: by depth, and sorted by bytes within each folder.
    package var files: [(path: [UInt8], source: SourceFile)] = []
    /// Links left out because of ``LinkPolicy/skip``.
    package var skippedLinkCount = 0
    /// Paths of `.git` entries, and of stores, that were left out.
    package var skippedRepositories: [[UInt8]] = []
}

/// Finds the files below a folder, by the rules of `Docs/Format.md`.
package struct FolderWalk: Sendable {
    /// The file in any folder that says what to leave out, with the rules of gitignore(5).
    package static let ignoreFileName = Array(".amphoraignore".utf8)

    private let root: FilePath
    private let realRoot: [UInt8]
    private let links: LinkPolicy
    private let excludes: IgnoreRules

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
        let walk = FolderWalk(
            root: root, realRoot: try root.resolved().bytes, links: links, excludes: excludes)
        let status = try FileStatus(of: root, followLinks: true)
        var content = FolderContent()
        var racyFiles: [Int] = []
        var folders = [Folder(path: [], ancestors: [Identity(status)], rules: IgnoreRules())]
        while !folders.isEmpty {
            let scans = try Parallel.map(folders) { try walk.scan($0) }
            folders = scans.flatMap(\.folders)
            for scan in scans {
                racyFiles += scan.racyFiles.map { content.files.count + $0 }
                content.add(scan.content)
            }
        }
        try walk.settle(racyFiles, of: &content)
        return content
    }

    /// A folder that is to be looked at.
    private struct Folder {
        let path: [UInt8]
        /// Itself and those above it, to notice a link that leads in a circle.
        let ancestors: Set<Identity>
        var rules: IgnoreRules
    }

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: FileStatus) {
            device = status.device
            inode = status.inode
        }
    }

    /// What is in one folder.
    private struct Scan {
        var content = FolderContent()
        var racyFiles: [Int] = []
        var folders: [Folder] = []
    }

    private func scan(_ folder: Folder) throws -> Scan {
        let path = root.appending(bytes: folder.path)
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .directory])
        } catch {
            throw FileError("read the folder", path, error)
        }
        defer { try? descriptor.close() }
        let names = try FilePath.entries(of: descriptor.rawValue, at: path)
        var folder = folder
        if names.contains(Self.ignoreFileName) {
            let file = path.appending(bytes: Self.ignoreFileName)
            let status = try FileStatus(of: file, followLinks: true)
            if status.kind == .file {
                folder.rules.add(file: try FileReader(file).readAll(expecting: status), in: folder.path)
            }
        }
        var scan = Scan()
        for name in names {
            // It may be gone since the folder was listed.
            guard let status = FileStatus(of: name, in: descriptor) else {
                throw FileError("look at", path.appending(bytes: name), errno)
            }
            try visit(name, status, in: folder, adding: &scan)
        }
        return scan
    }

    private func visit(
        _ name: [UInt8], _ status: FileStatus, in folder: Folder, adding scan: inout Scan
    ) throws {
        let relative = folder.path.isEmpty ? name : folder.path + [UInt8(ascii: "/")] + name
        var status = status
        func isIgnored(_ isFolder: Bool) -> Bool {
            excludes.isIgnored(relative, isDirectory: isFolder)
                || folder.rules.isIgnored(relative, isDirectory: isFolder)
        }
        let path = root.appending(bytes: relative)
        if status.kind == .link {
            guard !isIgnored(false) else { return }
            guard links != .skip else { return scan.content.skippedLinkCount += 1 }
            status = try follow(path)
        }
        guard !isIgnored(status.kind == .folder), !name.starts(with: PartialFolder.prefix.utf8) else {
            return
        }
        if name.elementsEqual(".git".utf8) || (status.kind == .folder && path.isStore) {
            scan.content.skippedRepositories.append(relative)
            return
        }
        try EntryName.check(name[...], in: relative)
        switch status.kind {
        case .folder:
            let identity = Identity(status)
            guard !folder.ancestors.contains(identity) else {
                throw UnsuitableLink(path: path, problem: .circular)
            }
            scan.folders.append(
                Folder(path: relative, ancestors: folder.ancestors.union([identity]), rules: folder.rules))
        case .file:
            if status.isRacy(at: FileStatus.now()) { scan.racyFiles.append(scan.content.files.count) }
            scan.content.files.append((relative, SourceFile(path: path, status: status)))
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
    private func settle(_ racyFiles: [Int], of content: inout FolderContent) throws {
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

extension FolderContent {
    fileprivate mutating func add(_ other: FolderContent) {
        files += other.files
        skippedLinkCount += other.skippedLinkCount
        skippedRepositories += other.skippedRepositories
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
