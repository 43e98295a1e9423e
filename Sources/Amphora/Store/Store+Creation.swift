package import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Store {
    /// Makes a store and opens it.
    ///
    /// It appears by rename, complete: of two processes that make one, the second fails and harms nothing. A bare
    /// repository of git's that is there becomes a store and keeps all that it has.
    ///
    /// - Parameters:
    ///   - path: The project's folder, or for a bare store its own folder. Made if it is missing.
    ///   - isBare: Whether the folder itself becomes the repository, such as `name.git`, instead of
    ///     `.amphora` in it.
    ///   - surroundings: Time, identity and process.
    /// - Returns: The store, empty.
    /// - Throws: ``StoreError/alreadyThere(_:)`` if there is one; file errors.
    public static func create(
        at path: String, isBare: Bool = false, surroundings: Surroundings = Surroundings()
    ) throws -> Store {
        let folder = FilePath(path).absolute(in: FilePath(surroundings.currentFolder()))
        if isBare, folder.isRepository, !folder.isStore {
            try surroundings.checkOwner(of: folder)
            let repository = try Repository(path: folder.string)
            if try repository.configuration("core.bare")?.lowercased() == "true" {
                try makeStore(of: repository, at: folder)
                return try Store(repository: folder, surroundings)
            }
        }
        return try create(at: path, isBare: isBare, surroundings: surroundings) { _ in }
    }

    /// Makes a store that is configured before anybody sees it.
    package static func create(
        at path: String, isBare: Bool, surroundings: Surroundings,
        configuring configure: (Repository) throws -> Void
    ) throws -> Store {
        let folder = FilePath(path).absolute(in: FilePath(surroundings.currentFolder()))
        let target = isBare ? folder : folder.appending(StoreLayout.folderName)
        guard !target.isStore else { throw StoreError.alreadyThere(target.displayed) }
        let parent = target.removingLastComponent()
        try parent.makeFolders()
        LockedFolder.removeStale(in: parent, among: try parent.folderEntries(), prefix: draftPrefix)
        let draft = try LockedFolder(in: parent, prefix: draftPrefix)
        let repository = draft.path.appending("repository")
        try repository.makeFolders()
        try writeRepository(at: repository, isBare: isBare)
        try configure(Repository(path: repository.string))
        for name in ["config", "shallow", "HEAD", "refs", "objects", "."] {
            try repository.appending(name).syncToDisk()
        }
        guard repository.withPlatformString({ old in target.withPlatformString { rename(old, $0) } }) == 0
        else {
            let error = errno
            throw target.isStore
                ? StoreError.alreadyThere(target.displayed) : FileError("make the store", target, error)
        }
        try parent.syncToDisk()
        return try Store(repository: target, surroundings)
    }

    /// Of folders in which stores are made and unmade, which are removed when those who made them are dead.
    private static let draftPrefix = ".amphora-init-"

    /// Removes a store that should not have been made: at once, or not at all.
    package static func unmake(at path: String) throws {
        let repository = FilePath(path)
        let grave = try LockedFolder(in: repository.removingLastComponent(), prefix: draftPrefix)
        try withExtendedLifetime(grave) { try repository.rename(to: grave.path.appending("repository")) }
    }

    private static func writeRepository(at path: FilePath, isBare: Bool) throws {
        let repository = try Repository.create(path: path.string, head: "refs/heads/main")
        try makeStore(of: repository, at: path)
        if !isBare { try path.appending(".gitignore").write("*\n") }
    }

    /// Adds to a repository what a store has.
    ///
    /// The ref that marks it comes when all is there that it needs; settings that are set already stay.
    private static func makeStore(of repository: Repository, at path: FilePath) throws {
        let layout = StoreLayout(repository: path)
        try layout.own.makeSharedFolders()
        let writer = PackingObjectWriter(try RepositoryPool(path: path.string))
        _ = try writer.write(Tree([]))
        let rootID = try writer.write(Commit.root)
        try writer.finish()
        let shallow = path.appending("shallow")
        let lines = shallow.isThere ? try shallow.text() : ""
        let draft = layout.own.appending("shallow")
        try draft.write("\(lines)\(rootID)\n")
        try draft.syncToDisk()
        try draft.rename(to: shallow)
        _ = try ReferenceStore(repository).compareAndSwap(
            .root, to: rootID.objectID, expecting: .absent, reason: "amphora: init")
        try repository.setMissingConfiguration(StoreLayout.settings + StoreLayout.settingsOfRemote)
    }
}
