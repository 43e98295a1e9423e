import Amphora
import AmphoraGit
import AmphoraObjects
import AmphoraStore
import SystemPackage

/// A bare repository for one transfer, removed with it.
///
/// Git works here and never in the store: it has no promisor remote to fetch from what a light store lacks, and what
/// a remote sends is checked here before anything enters the store.
final class TransferRepository {
    private let folder: LockedFolder
    private let settings: TransferSettings

    var path: FilePath { folder.path }
    /// Where what was fetched lies.
    var packs: FilePath { path.appending("objects/pack") }

    /// An ID that no object has.
    ///
    /// A repository that is shallow, be it at a commit that is nowhere, makes git leave out all that the other
    /// side's commits hold when it sends others, related or not. The server finds no such commit and forgets it.
    private static let nowhere = String(repeating: "1", count: 2 * ObjectID.byteCount)

    /// What it has of the store.
    enum Lending {
        /// Nothing: git must not take for known what is there.
        case nothing
        /// All objects, and refs to some of them.
        case objects(known: [ObjectID])
        /// All objects, to be sent.
        case toSend
    }

    /// - Parameters:
    ///   - store: Where it lies.
    ///   - settings: How to reach the remote.
    ///   - lending: What it has of the store.
    /// - Throws: ``FileError``.
    init(in store: Store, _ settings: TransferSettings, lending: Lending = .nothing) throws {
        let parent = store.layout.own.appending("transfer")
        try parent.makeFolders()
        LockedFolder.removeStale(in: parent, among: try parent.folderEntries(), prefix: Self.prefix)
        folder = try LockedFolder(in: parent, prefix: Self.prefix)
        self.settings = settings
        for name in ["refs", "objects/pack", "objects/info"] { try path.appending(name).makeFolders() }
        try path.appending("HEAD").write("ref: refs/heads/none\n")
        try writeSettings()
        switch lending {
        case .nothing: break
        case .objects(let known):
            try borrow(from: store)
            let refs = Set(known).sorted().enumerated().map { "\($1) refs/known/\($0)\n" }
            try path.appending("packed-refs").write(
                "# pack-refs with: peeled fully-peeled \n" + refs.joined())
        case .toSend:
            try borrow(from: store)
            try path.appending("shallow").write("\(Self.nowhere)\n")
        }
    }

    private static let prefix = "git-"

    private func borrow(from store: Store) throws {
        try path.appending("objects/info/alternates").write("\(store.layout.objects)\n")
    }

    /// Writes the configuration as it was: git notes there that a remote has filtered.
    func writeSettings() throws { try path.appending("config").write(settings.text) }

    /// The arguments that make git work here.
    var arguments: [String] { ["--git-dir=\(path)"] }
}
