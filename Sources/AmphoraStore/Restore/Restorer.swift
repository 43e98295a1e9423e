package import AmphoraGit
package import AmphoraObjects
import AmphoraPack
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

    package init(_ pool: RepositoryPool, cache: StatCache) {
        self.pool = pool
        self.cache = cache
    }

    /// Restores `files` into `target`, skipping what is in place.
    ///
    /// - Parameters:
    ///   - files: As ``FileTree`` lists them.
    ///   - target: Absolute; made if it is missing.
    ///   - progress: Told after each file.
    /// - Returns: What was written and what was in place.
    /// - Throws: ``FileNotRestored`` with the path and what is below it. Files restored before stay.
    package func restore(
        _ files: [TreeFile], into target: FilePath, progress: Progress.Handler?
    ) throws -> RestoreReport {
        let folder = try TargetFolder(target)
        try PartialFolder.removeStale(in: target)
        let known = cache.entries(below: target)
        let missing = Mutex<[TreeFile]>([])
        let seen = Mutex<[(path: [UInt8], entry: StatCache.Entry)]>([])
        var report = RestoreReport()

        try Parallel.forEach(files.count) { index in
            let file = files[index]
            try naming(file) {
                let key = target.appending(bytes: file.path.bytes).bytes
                switch try inPlace(file, in: folder, known: known[key]) {
                case .no: missing.withLock { $0.append(file) }
                case .yes(let entry?): seen.withLock { $0.append((key, entry)) }
                case .yes(nil): break
                }
            }
        }
        let wanted = missing.withLock { $0 }
        report.unchangedFileCount = files.count - wanted.count
        if !wanted.isEmpty {
            let written = try write(wanted, into: folder, progress: progress)
            report.writtenFileCount = written.count
            report.writtenByteCount = written.reduce(0) { $0 + $1.entry.status.byteCount }
            // After this pause, a change of any of them shows in its status.
            Pause.sleep(nanoseconds: FileStatus.clockTick)
            seen.withLock { $0 += written }
        }
        let now = FileStatus.now()
        cache.record(seen.withLock { $0.filter { !$0.entry.status.isRacy(at: now) } })
        return report
    }

    private enum InPlace {
        case no
        /// With what to remember, unless it is remembered.
        case yes(StatCache.Entry?)
    }

    private func inPlace(
        _ file: TreeFile, in folder: TargetFolder, known: StatCache.StoredStatus?
    ) throws -> InPlace {
        let answer: InPlace? = try folder.withFolder(of: file.path, create: false) { descriptor, name in
            guard let status = FileStatus(of: name, in: descriptor), status.kind == .file else { return .no }
            let stored = StoredFile(mode: file.mode, id: file.id, byteCount: status.byteCount)
            if status.isExecutable == file.isExecutable, known?.file(if: status) == stored {
                return .yes(nil)
            }
            guard try pool.with({ try file.byteCount(in: $0) }) == status.byteCount else { return .no }
            let path = folder.path.appending(bytes: file.path.bytes)
            guard try file.hasContent(of: FileReader(name, in: descriptor, at: path), status) else {
                return .no
            }
            guard status.isExecutable == file.isExecutable else { return .no }
            return .yes(StatCache.Entry(status: status, file: stored))
        }
        return answer ?? .no
    }

    private func write(
        _ files: [TreeFile], into folder: TargetFolder, progress: Progress.Handler?
    ) throws -> [(path: [UInt8], entry: StatCache.Entry)] {
        let partial = try PartialFolder(in: folder.path)
        let done = Mutex<[(path: [UInt8], entry: StatCache.Entry)]>([])
        let state = Mutex(
            Progress(
                activity: "restoring", fileCount: 0, totalFileCount: files.count, byteCount: 0,
                totalByteCount: 0))
        try Parallel.forEach(files.count) { index in
            let file = files[index]
            let status = try naming(file) { try write(file, number: index, into: folder, partial) }
            let stored = StoredFile(mode: file.mode, id: file.id, byteCount: status.byteCount)
            let key = folder.path.appending(bytes: file.path.bytes).bytes
            done.withLock { $0.append((key, StatCache.Entry(status: status, file: stored))) }
            guard let progress else { return }
            progress(
                state.withLock { state in
                    state.fileCount += 1
                    state.byteCount += status.byteCount
                    return state
                })
        }
        return done.withLock { $0 }
    }

    private func write(
        _ file: TreeFile, number: Int, into folder: TargetFolder, _ partial: PartialFolder
    ) throws -> FileStatus {
        let temporary = FilePath(String(number))
        let path = folder.path.appending(bytes: file.path.bytes)
        let output = try PartialFile(temporary, in: partial, isExecutable: file.isExecutable)
        try pool.with { repository in
            try FileTree(repository).read(file) { try output.write($0) }
        }
        let status = try folder.withFolder(of: file.path, create: true) { descriptor, name in
            try output.move(to: name, in: descriptor, at: path)
            return FileStatus(of: name, in: descriptor)
        }
        guard let status = status ?? nil else { throw FileError("find", path, Errno.noSuchFileOrDirectory) }
        return status
    }

    private func naming<Result>(_ file: TreeFile, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            throw FileNotRestored(path: file.path, cause: error)
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
