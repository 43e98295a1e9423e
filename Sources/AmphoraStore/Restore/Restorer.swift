package import AmphoraGit
package import AmphoraObjects
import Synchronization
package import SystemPackage

/// What a restore did.
package struct RestoreReport: Sendable, Equatable {
    /// Files written anew, and the bytes in them.
    package var writtenFileCount = 0
    package var writtenByteCount = 0
    /// Files that were in place already.
    package var unchangedFileCount = 0
    /// Files removed because the version does not have them.
    package var removedFileCount = 0
}

/// Puts the files of a version into a folder: each appears by rename, whole and verified.
package struct Restorer: Sendable {
    let pool: RepositoryPool
    let cache: StatCache
    let workers: Int

    package init(_ pool: RepositoryPool, cache: StatCache, workers: Int = Parallel.workerCount) {
        self.pool = pool
        self.cache = cache
        self.workers = workers
    }

    /// Restores `files` into `target`, skipping what is in place.
    ///
    /// - Parameters:
    ///   - files: As ``FileTree`` lists them.
    ///   - target: Absolute; made if it is missing.
    ///   - progress: Told after each file, and of the parts of large ones.
    /// - Returns: What was written and what was in place.
    /// - Throws: ``FileNotRestored`` with the path and what is below it. Files restored before stay.
    package func restore(
        _ files: [TreeFile], into target: FilePath, progress: Progress.Handler?
    ) throws -> RestoreReport {
        let folder = try TargetFolder(target)
        let names = try target.folderEntries()
        LockedFolder.removeStale(in: target, among: names, prefix: PartialFolder.prefix)
        let isNew = names.allSatisfy { $0.starts(with: PartialFolder.prefix.utf8) }
        var (missing, seen) = isNew ? (Array(files.indices), []) : try look(for: files, in: folder)
        var report = RestoreReport(unchangedFileCount: files.count - missing.count)
        if !missing.isEmpty {
            let written = try RestoreRun(
                files: files, folder: folder, partial: PartialFolder(in: target), pool: pool,
                workers: workers,
                progress: progress
            ).write(missing)
            report.writtenFileCount = written.count
            report.writtenByteCount = written.reduce(0) { $0 + $1.status.byteCount }
            // After this pause, a change of any of them shows in its status.
            Pause.sleep(nanoseconds: FileStatus.clockTick)
            seen += written
        }
        remember(seen, of: files, in: target)
        return report
    }

    /// A file that is in place, by its position in the list.
    typealias Seen = (index: Int, status: FileStatus)

    private func remember(_ seen: [Seen], of files: [TreeFile], in target: FilePath) {
        let now = FileStatus.now()
        let prefix = target.bytesBelow
        cache.record(
            seen.filter { !$0.status.isRacy(at: now) }
                .map { index, status in
                    let file = files[index]
                    let stored = StoredFile(mode: file.mode, id: file.id, byteCount: status.byteCount)
                    return (prefix + file.path.bytes, StatCache.Entry(status: status, file: stored))
                })
    }
}

// MARK: Looking

extension Restorer {
    /// Which files are not in place, and which are but are not remembered.
    private typealias Look = (missing: [Int], unknown: [Seen])

    private func look(for files: [TreeFile], in folder: TargetFolder) throws -> Look {
        let known = cache.entries(below: folder.path)
        let prefix = folder.path.bytesBelow
        let batches = FolderBatch.batches(of: files.indices, in: files)
        let found: [Look] = try Parallel.map(batches, workers: workers) { batch in
            let look: Look? = try files.naming(batch.files[0]) {
                try folder.withFolder(batch.folder, create: false) { descriptor in
                    try batch.files.reduce(into: Look([], [])) { look, index in
                        let file = files[index]
                        let known = known[prefix + file.path.bytes]
                        let answer = try files.naming(index) {
                            try inPlace(file, in: descriptor, known: known, below: folder.path)
                        }
                        switch answer {
                        case .no: look.missing.append(index)
                        case .yes(let status?): look.unknown.append((index, status))
                        case .yes(nil): break
                        }
                    }
                }
            }
            return look ?? (batch.files, [])
        }
        return (found.flatMap(\.missing), found.flatMap(\.unknown))
    }

    private enum InPlace {
        case no
        /// With the status to remember, unless it is remembered.
        case yes(FileStatus?)
    }

    private func inPlace(
        _ file: TreeFile, in folder: FileDescriptor, known: StatCache.StoredStatus?, below target: FilePath
    ) throws -> InPlace {
        let name = FilePath(bytes: file.path.name)
        guard let status = FileStatus(of: name, in: folder), status.kind == .file,
            status.isExecutable == file.isExecutable
        else { return .no }
        let stored = StoredFile(mode: file.mode, id: file.id, byteCount: status.byteCount)
        if known?.file(if: status) == stored { return .yes(nil) }
        guard try pool.with({ try file.byteCount(in: $0) }) == status.byteCount,
            try file.hasContent(
                of: FileReader(name, in: folder, at: target.appending(bytes: file.path.bytes)), status)
        else { return .no }
        return .yes(status)
    }
}

extension FilePath {
    /// What the paths of all that lies in this folder begin with.
    fileprivate var bytesBelow: [UInt8] {
        bytes.last == UInt8(ascii: "/") ? bytes : bytes + [UInt8(ascii: "/")]
    }
}

extension [TreeFile] {
    /// Names the file in what goes wrong in `body`.
    func naming<Result>(_ index: Int, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw error is FileNotRestored ? error : FileNotRestored(path: self[index].path, cause: error)
        }
    }
}

/// A file that could not be restored.
package struct FileNotRestored: UserFacingError {
    package let path: ArtifactPath
    package let cause: (any Error)?
    package var code: ErrorCode { (cause as? any UserFacingError)?.code ?? .internal }
    package var message: String { "cannot restore '\(path)'" }
}
