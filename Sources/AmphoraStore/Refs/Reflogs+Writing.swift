import AmphoraGit
import AmphoraObjects
import FoundationEssentials
import SystemPackage

extension Reflogs {
    /// Adds lines to the logs of refs, while those are locked.
    struct Writer {
        private let folder: FilePath
        private let prefixes: [String]
        private let ending: String

        /// - Parameters:
        ///   - repository: Says whether there are logs, and who moves refs.
        ///   - reason: One line.
        /// - Throws: `GitError`.
        init(_ repository: Repository, reason: String) throws {
            folder = FilePath(repository.path)
            switch try repository.configuration("core.logAllRefUpdates")?.lowercased() {
            case "always": prefixes = ["refs/"]
            case "true", "yes", "on", "1", "": prefixes = ["refs/heads/", "refs/remotes/", "refs/notes/"]
            default: prefixes = []
            }
            let identity = repository.configuredIdentity ?? ("unknown", "unknown")
            let signature = Signature(name: identity.name, email: identity.email, date: Date())
            ending = "\(signature.encoded)\t\(reason.replacing("\n", with: " "))\n"
        }

        func append(_ change: RefChange) throws {
            guard prefixes.contains(where: { change.name.rawValue.hasPrefix($0) }) else { return }
            let path = folder.appending("logs").appending(bytes: change.name.bytes)
            path.removeEmptyFolders()
            try path.removingLastComponent().makeSharedFolders()
            let isNew = !path.isThere
            let line = "\(change.expected ?? .zero) \(change.target ?? .zero) \(ending)"
            do {
                let descriptor = try FileDescriptor.open(
                    path, .writeOnly, options: [.create, .append, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead])
                _ = try descriptor.closeAfter { try descriptor.writeAll(line.utf8) }
            } catch {
                throw FileError("write", path, error)
            }
            if isNew { path.share() }
        }
    }

    /// Removes the log of a ref that is gone.
    func remove(_ name: RefName) throws {
        let path = path(of: name.bytes)
        try path.removeFile()
        path.removingLastComponent().removeIfEmpty()
    }
}
