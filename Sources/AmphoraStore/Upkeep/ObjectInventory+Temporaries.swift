import SystemPackage

extension ObjectInventory {
    /// Adds what git's own writers left that were killed, by the names that git's prune and repack give it: quarantines of
    /// pushes, packs and objects that are not whole.
    ///
    /// Nothing says whether one of them is still at work: in what is in use something changes now and then.
    ///
    /// - Parameter cutoff: In nanoseconds since 1970: what has changed since is left alone, and in any case what has
    ///   in the last minutes.
    /// - Throws: ``FileError``.
    package mutating func addTemporaries(before cutoff: Int) throws {
        let cutoff = min(cutoff, FileStatus.now() - Self.orphanAge)
        var found: [FilePath] = []
        for name in try folder.folderEntries() where !name.starts(with: StagedObjects.prefix.utf8) {
            let path = folder.appending(bytes: name)
            if name.count == 2 || name.elementsEqual("pack".utf8) {
                guard path.isFolder else { continue }
                found += try path.folderEntries().filter(Self.isTemporary).map { path.appending(bytes: $0) }
            } else if Self.isTemporary(name) {
                found.append(path)
            }
        }
        leftovers += found.filter { $0.lastModified < cutoff }
    }

    private static func isTemporary(_ name: [UInt8]) -> Bool {
        ["tmp_", ".tmp-", "incoming-"].contains { name.starts(with: $0.utf8) }
    }
}

extension FilePath {
    /// When the file, or anything in the folder, was last changed; what is gone meanwhile was changed now.
    fileprivate var lastModified: Int {
        guard let status = try? FileStatus(of: self, followLinks: false) else { return .max }
        guard status.kind == .folder else { return status.modified }
        return ((try? folderEntries()) ?? []).reduce(status.modified) {
            max($0, appending(bytes: $1).lastModified)
        }
    }
}
