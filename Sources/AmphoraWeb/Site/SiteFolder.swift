import Amphora
import AmphoraStore
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder with a static site in it, and a list of the site's files: others are never touched.
///
/// Files appear whole, by rename. A list is kept while they are written, so that the next site knows what one that was
/// interrupted has left.
final class SiteFolder: Sendable {
    private static let listName = ".amphora-site"
    private static let draftPrefix = ".amphora-site-"

    let path: FilePath
    /// The folder itself, locked.
    private let lock: FileDescriptor
    private let list: FileDescriptor
    private let drafts: LockedFolder
    /// What was here before.
    private let old: Set<String>
    private let new = Mutex<Set<String>>([])

    /// Makes the folder if need be, and takes it.
    ///
    /// - Parameter path: The folder; it has a site, or nothing but hidden files.
    /// - Throws: ``SiteFolderTaken``, ``SiteFolderBusy``, ``FileError``.
    init(_ path: FilePath) throws {
        self.path = path
        try path.makeFolders()
        let lock: FileDescriptor
        do {
            lock = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        } catch {
            throw FileError("look into", path, error)
        }
        do {
            guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw SiteFolderBusy(path: path) }
            let names = try path.folderEntries()
            let listPath = path.appending(Self.listName)
            if !listPath.isThere, let other = names.first(where: { $0.first != UInt8(ascii: ".") }) {
                throw SiteFolderTaken(path: path, other: FilePath(bytes: other))
            }
            list = try Self.open(listPath)
            let bytes = try listPath.readAll()
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            // The list may be of somebody else's making.
            old = Set(lines.lazy.map(String.init).filter { (try? ArtifactPath($0)) != nil })
            LockedFolder.removeStale(in: path, among: names, prefix: Self.draftPrefix)
            drafts = try LockedFolder(in: path, prefix: Self.draftPrefix)
        } catch {
            lock.unlockAndClose()
            throw error
        }
        self.lock = lock
    }

    deinit {
        try? list.close()
        lock.unlockAndClose()
    }

    private static func open(_ list: FilePath) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                list, .writeOnly, options: [.create, .append, .noFollow, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw FileError("write", list, error)
        }
    }

    /// Writes a file of the site, over the one that was there.
    ///
    /// - Parameters:
    ///   - parts: Its path in the folder.
    ///   - write: Gets the open file.
    /// - Throws: ``SiteFolderTaken`` if there is a file of somebody else's; ``FileError``; what `write` throws.
    func write(_ parts: [PathPart], _ write: (FileDescriptor) throws -> Void) throws {
        let name = parts.compactMap(\.string).joined(separator: "/")
        let target = path.appending(name)
        guard isInside(name) else { throw SiteFolderTaken(path: path, other: FilePath(name)) }
        if !old.contains(name) {
            guard !target.isThere else { throw SiteFolderTaken(path: path, other: FilePath(name)) }
            // Before the file: what is listed and not there does no harm.
            do {
                _ = try list.writeAll("\(name)\n".utf8)
            } catch {
                throw FileError("write", path.appending(Self.listName), error)
            }
        }
        let number = new.withLock { new in
            new.insert(name)
            return new.count
        }
        try target.removingLastComponent().makeFolders()
        let draft = drafts.path.appending("\(number)")
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                draft, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
        } catch {
            throw FileError("write", draft, error)
        }
        do {
            try descriptor.closeAfter { try write(descriptor) }
        } catch {
            throw error is Errno ? FileError("write", target, error) : error
        }
        try draft.rename(to: target)
    }

    /// Whether no folder on the way to a file is a link, which might lead elsewhere.
    private func isInside(_ name: String) -> Bool {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder = folder.appending(String(part))
            guard let status = try? FileStatus(of: folder, followLinks: false) else { return true }
            guard status.kind == .folder else { return false }
        }
        return true
    }

    /// Removes what the site before had and this one has not.
    func finish() throws {
        let new = new.withLock { $0 }
        for name in old.subtracting(new) where isInside(name) {
            var path = path.appending(name)
            guard path.withPlatformString({ unlink($0) }) == 0 || errno == ENOENT else {
                throw FileError("remove", path, errno)
            }
            // Folders go with their last file.
            while path.removeLastComponent(), path != self.path, path.withPlatformString({ rmdir($0) }) == 0 {
            }
        }
        let draft = drafts.path.appending("list")
        try draft.write(new.sorted().map { "\($0)\n" }.joined())
        try draft.rename(to: path.appending(Self.listName))
        drafts.remove()
    }
}

/// The folder has files in it that no site of ours has put there.
struct SiteFolderTaken: UserFacingError {
    let path: FilePath
    /// One of them.
    let other: FilePath
    var code: ErrorCode { .alreadyExists }
    var message: String { "'\(path.displayed)' has other files, such as '\(other.displayed)'" }
    var hint: String? { "Name a new or an empty folder, or one with a site that this command has written." }
}

/// Another process writes the same site.
struct SiteFolderBusy: UserFacingError {
    let path: FilePath
    var code: ErrorCode { .conflict }
    var message: String { "another process is writing the site in '\(path.displayed)'" }
    var hint: String? { "Wait for it to end, then try again." }
}
