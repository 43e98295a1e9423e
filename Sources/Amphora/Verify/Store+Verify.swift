import AmphoraGit
public import AmphoraObjects
import AmphoraPack
import AmphoraStore
import Synchronization

extension Store {
    /// Checks that the store is whole.
    ///
    /// Every object is read and hashed once, every pack compared with its index, every chunked file with its
    /// SHA-256, every ref followed. In a store that was cloned light, trees and blobs that are not here are no
    /// damage: the report says of how many versions.
    ///
    /// - Parameters:
    ///   - only: One version to check; `nil` for everything.
    ///   - isQuick: Whether only structure is checked: commits, trees, and that blobs are there.
    ///   - progress: Told of bytes.
    /// - Returns: What was looked at, and all damage found.
    /// - Throws: `GitError` if refs cannot be listed at all; with code ``ErrorCode/unavailable`` if `only` is sound
    ///   as far as it is here, and not all of it is.
    public func verify(
        only: Version? = nil, quick isQuick: Bool = false, progress: Progress.Handler? = nil
    ) throws -> Verification {
        try whileNothingIsRemoved {
            pool.refresh()
            var report = Verification()
            if let only {
                try verify(only, isQuick: isQuick, &report, progress)
            } else {
                try verifyAll(isQuick: isQuick, &report, progress)
            }
            report.damages.sort {
                ($0.subject, $0.path?.description ?? "") < ($1.subject, $1.path?.description ?? "")
            }
            return report
        }
    }

    private func verify(
        _ version: Version, isQuick: Bool, _ report: inout Verification, _ progress: Progress.Handler?
    ) throws {
        report.versionCount = 1
        let check = try check([version], nil, [:], &report)
        if !isQuick { try verifyContent(of: version, check, &report, progress) }
        guard report.isSound, report.partialVersionCount + report.absentVersionCount > 0 else { return }
        throw VersionNotHere(name: version.name, fileCount: report.fileCount, total: version.fileCount)
    }

    private func verifyContent(
        of version: Version, _ check: TreeCheck, _ report: inout Verification,
        _ progress: Progress.Handler?
    ) throws {
        let files = Array(check.files.values)
        let meter = ProgressMeter("verifying", progress)
        let failures = Mutex<[ObjectID: any Error]>([:])
        try Parallel.forEach(files.count) { index in
            do {
                try pool.with { try FileTree($0).read(files[index]) { meter.add(bytes: $0.count) } }
            } catch {
                failures.withLock { $0[files[index].id] = error }
            }
        }
        report.byteCount = meter.byteCount
        let damaged = failures.withLock { $0 }
        guard !damaged.isEmpty else { return }
        report.forgetFiles()
        _ = try self.check([version], nil, damaged, &report)
    }

    private func verifyAll(
        isQuick: Bool, _ report: inout Verification, _ progress: Progress.Handler?
    ) throws {
        let inventory = try ObjectInventory(of: layout.objects)
        report.packCount = inventory.packs.count
        var damaged: [ObjectID: any Error] = [:]
        var byteCounts: [UInt32] = []
        if !isQuick {
            let meter = ProgressMeter(
                "verifying", byteCount: ObjectCheck.byteCount(of: inventory), progress)
            let objects = ObjectCheck(inventory, pool) { meter.add(bytes: $0) }
            try objects.run()
            damaged = objects.damaged
            report.damagedObjects = damaged.keys.sorted()
            byteCounts = objects.byteCounts
            report.objectCount = inventory.ids.count
            report.damages += objects.packDamages
        } else {
            report.damages += inventory.damagedPacks.map {
                Damage(subject: "pack \($0.name)", error: $0.cause)
            }
        }
        var found: [VersionDamaged] = []
        let versions = try readableVersions { found.append($0) }
        let others = report.damages + found.map { Damage(subject: $0.name.description, error: $0) }
        report.versionCount = versions.count
        let check = try check(versions, inventory, damaged, &report)
        if !isQuick {
            let failures = try verifyChunkedFiles(of: check, inventory, damaged, progress)
            report.byteCount = check.files.values.reduce(0) { sum, file in
                switch file.content {
                case .blob(let id):
                    sum + (inventory.position(of: id.objectID).map { Int(byteCounts[$0]) } ?? 0)
                case .chunked(let id, let marker): sum + (failures[id.objectID] == nil ? marker.byteCount : 0)
                }
            }
            if !failures.isEmpty {
                report.forgetFiles()
                _ = try self.check(versions, inventory, damaged.merging(failures) { $1 }, &report)
            }
        }
        report.damages += others.filter { other in !report.damages.contains { $0.subject == other.subject } }
        try verifyRefs(of: versions, &report)
        try verifyRuns(isPartial: inventory.isPartial, &report)
        try attribute(damaged, inventory, &report)
    }

    /// Checks the files of versions against what is known of objects.
    private func check(
        _ versions: [Version], _ inventory: ObjectInventory?, _ damaged: [ObjectID: any Error],
        _ report: inout Verification
    ) throws -> TreeCheck {
        try pool.with { repository in
            var check = TreeCheck(
                inventory, damaged: damaged, isPartial: inventory?.isPartial ?? repository.isPartial)
            for version in versions {
                report.noting(version.description) { report in
                    let content = try version.reading {
                        try check.content(of: version.treeID, in: repository)
                    }
                    report.add(content, of: version)
                }
            }
            return check
        }
    }

    /// Compares chunked files with their SHA-256; their chunks are known to be what their IDs say.
    private func verifyChunkedFiles(
        of check: TreeCheck, _ inventory: ObjectInventory, _ damaged: [ObjectID: any Error],
        _ progress: Progress.Handler?
    ) throws -> [ObjectID: any Error] {
        let files = check.files.values.compactMap { file -> (TreeID, ChunkedFile)? in
            if case .chunked(let treeID, let marker) = file.content { (treeID, marker) } else { nil }
        }
        let meter = ProgressMeter(
            "verifying", byteCount: files.reduce(0) { $0 + $1.1.byteCount }, progress)
        let failures = Mutex<[ObjectID: any Error]>([:])
        try Parallel.forEach(files.count) { index in
            let (treeID, marker) = files[index]
            do {
                try pool.with { repository in
                    let chunkIDs = try FileTree(repository).chunkIDs(of: treeID).map(\.objectID)
                    // What is missing or damaged is reported as such.
                    guard chunkIDs.allSatisfy({ damaged[$0] == nil && repository.contains($0) }) else {
                        return
                    }
                    var hasher = FileHasher()
                    var byteCount = 0
                    let buffer = ByteBuffer()
                    for id in chunkIDs {
                        let chunk = buffer.room(for: try repository.byteCount(of: id))
                        try repository.readUnverified(id, as: .blob, into: chunk)
                        hasher.update(UnsafeRawBufferPointer(chunk))
                        byteCount += chunk.count
                        meter.add(bytes: chunk.count)
                    }
                    guard byteCount == marker.byteCount, hasher.finalize() == marker.sha256 else {
                        throw DamagedFile(treeID: treeID)
                    }
                }
            } catch {
                failures.withLock { $0[treeID.objectID] = error }
            }
        }
        return failures.withLock { $0 }
    }
}
