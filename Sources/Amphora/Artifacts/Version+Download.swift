public import AmphoraObjects
import AmphoraStore
import SystemPackage

/// A version's files in a folder.
public struct Download: Sendable, CustomStringConvertible {
    /// The folder.
    public let path: String
    /// Files written now, and the bytes in them.
    public let writtenFileCount: Int
    public let writtenByteCount: Int
    /// Files that were in place.
    public let unchangedFileCount: Int
    /// Files removed because the version does not have them.
    public let removedFileCount: Int

    public var description: String { path }
}

extension Version {
    /// Puts the files into a folder, skipping what is in place and restoring what was changed.
    ///
    /// Each file appears by rename, whole and verified. Nothing outside the folder is touched.
    ///
    /// - Parameters:
    ///   - folder: `nil` is `artifacts/NAME:vN` in the current folder. Made if it is missing.
    ///   - prefixes: Files and folders to take; empty for all.
    ///   - isExact: Whether files that the version does not have are removed. Not with prefixes.
    ///   - progress: Told of files and bytes written.
    /// - Returns: The folder, and what was done. `.git` and stores in it are never removed.
    /// - Throws: ``ContentAbsent`` before anything is written; ``VersionDamaged`` and file errors, naming the
    ///   file: what was restored before stays.
    @discardableResult
    public func download(
        to folder: String? = nil, paths prefixes: [String] = [], exact isExact: Bool = false,
        progress: Progress.Handler? = nil
    ) throws -> Download {
        guard !isExact || prefixes.isEmpty else { throw ExactNeedsAll() }
        guard folder?.isEmpty != true else { throw UnsuitableTarget(path: "", problem: .empty) }
        let target = store.absolute(folder ?? "artifacts/\(name)")
        try checkSafe(target, isExact: isExact)
        let files = try treeFiles(below: prefixes, needing: .content)
        if folder == nil { try store.prepareDownloadFolder(target.removingLastComponent()) }
        let report: RestoreReport
        do {
            report = try Restorer(store.pool, cache: store.cache).restore(
                files, into: target, progress: progress)
        } catch {
            guard let failure = error as? FileNotRestored, failure.cause is any ContentProblem else {
                throw error
            }
            throw store.absence(of: .version(name), failure.cause)
                ?? VersionDamaged(name: name, path: failure.path, cause: failure.cause)
        }
        let removed =
            isExact ? try ExtraFiles.remove(from: target, keeping: Set(files.map(\.path.bytes))) : 0
        return Download(
            path: target.string, writtenFileCount: report.writtenFileCount,
            writtenByteCount: report.writtenByteCount, unchangedFileCount: report.unchangedFileCount,
            removedFileCount: removed)
    }
}

extension Version {
    /// Refuses what would write into the store, or remove it.
    private func checkSafe(_ target: FilePath, isExact: Bool) throws {
        let repository = store.layout.repository
        if target.isAtOrBelow(repository) {
            throw UnsuitableTarget(path: target.displayed, problem: .inStore)
        }
        if isExact, repository.isAtOrBelow(target) {
            throw UnsuitableTarget(path: target.displayed, problem: .aroundStore)
        }
    }
}

extension Store {
    /// Makes the folder for downloads, which neither git nor a put of a folder around it takes along.
    fileprivate func prepareDownloadFolder(_ folder: FilePath) throws {
        guard (try? FileStatus(of: folder, followLinks: true)) == nil else { return }
        try folder.makeFolders()
        for name in [".gitignore", ".amphoraignore"] { try folder.appending(name).write("*\n") }
    }
}

/// A folder that a version must not be put into.
struct UnsuitableTarget: UserFacingError {
    enum Problem {
        case empty, inStore, aroundStore
    }

    let path: String
    let problem: Problem
    var code: ErrorCode { .invalidArgument }
    var message: String {
        switch problem {
        case .empty: "the folder's name is empty"
        case .inStore: "'\(path)' lies in the store"
        case .aroundStore: "an exact copy in '\(path)' would remove the store in it"
        }
    }
    var hint: String? { "Choose another folder with `--to`." }
}

/// An exact copy of a part was asked for.
struct ExactNeedsAll: UserFacingError {
    var code: ErrorCode { .invalidArgument }
    var message: String { "an exact copy is of the whole version, not of a part" }
    var hint: String? { "Leave out either `--exact` or `--path`." }
}
