import AmphoraGit
import AmphoraObjects
import AmphoraPack
import SystemPackage

/// Files being written into a folder.
struct RestoreRun {
    let files: [TreeFile]
    let folder: TargetFolder
    let partial: PartialFolder
    let pool: RepositoryPool
    let workers: Int
    let progress: Progress.Handler?

    /// Chunked files of this length are written by all threads together.
    private static let largeCount = 8 << 20

    /// Writes the files at these positions of the list.
    ///
    /// - Returns: The same, with their status.
    /// - Throws: ``FileNotRestored``.
    func write(_ indices: [Int]) throws -> [Restorer.Seen] {
        let meter = ProgressMeter("restoring", fileCount: indices.count, progress)
        var small: [Int] = []
        var written: [Restorer.Seen] = []
        for index in indices {
            if case .chunked(let treeID, let marker) = files[index].content,
                marker.byteCount >= Self.largeCount
            {
                let status = try files.naming(index) { try writeLarge(index, treeID, marker, meter) }
                written.append((index, status))
            } else {
                small.append(index)
            }
        }
        let batches = FolderBatch.batches(of: small, in: files)
        written += try Parallel.map(batches, workers: workers) { try write($0, meter) }.joined()
        return written
    }

    private func write(_ batch: FolderBatch, _ meter: ProgressMeter) throws -> [Restorer.Seen] {
        try files.naming(batch.files[0]) {
            try within(batch.folder) { target in
                try partial.withPart { part in
                    // One repository for all, in the order of the pack: so most entries have been read ahead.
                    try pool.with { repository in
                        try repository.inStoredOrder(batch.files) { files[$0].id }.map { index in
                            let status = try files.naming(index) {
                                let output = try partialFile(for: index, in: part)
                                try write(index, from: repository, to: output)
                                return try move(output, index, into: target)
                            }
                            meter.add(files: 1, bytes: status.byteCount)
                            return (index, status)
                        }
                    }
                }
            }
        }
    }

    private func writeLarge(
        _ index: Int, _ treeID: TreeID, _ marker: ChunkedFile, _ meter: ProgressMeter
    ) throws -> FileStatus {
        try partial.withPart { part in
            let output = try partialFile(for: index, in: part)
            try ChunkedContent(treeID, marker, in: pool, workers: workers)
                .write(to: output, workers: workers) { meter.add(bytes: $0) }
            let status = try within(Array(files[index].path.folder)) { try move(output, index, into: $0) }
            meter.add(files: 1)
            return status
        }
    }

    private func write(_ index: Int, from repository: Repository, to output: PartialFile) throws {
        switch files[index].content {
        case .blob(let id): try repository.withObject(id.objectID, as: .blob) { try output.write($0) }
        case .chunked(let treeID, let marker):
            try ChunkedContent(treeID, marker, in: pool, workers: 1).write(to: output, workers: 1) { _ in }
        }
    }

    private func within<Result>(_ relative: [UInt8], _ body: (FileDescriptor) throws -> Result) throws
        -> Result
    {
        guard let result = try folder.withFolder(relative, create: true, body) else {
            preconditionFailure("folders that are missing are made")
        }
        return result
    }

    private func partialFile(for index: Int, in part: PartialFolder.Part) throws -> PartialFile {
        try PartialFile(FilePath("\(index)"), in: part, isExecutable: files[index].isExecutable)
    }

    private func move(
        _ output: PartialFile, _ index: Int, into target: FileDescriptor
    ) throws(FileError) -> FileStatus {
        let path = files[index].path
        return try output.move(
            to: FilePath(bytes: path.name), in: target, at: folder.path.appending(bytes: path.bytes))
    }
}
